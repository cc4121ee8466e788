<?php
// What Composer would write, for the packages of Debian.
require 'GuzzleHttp/autoload.php';
require 'GuzzleHttp/Psr7/autoload.php';
spl_autoload_register(function (string $class): void {
    $path = str_replace(['OpenAPI\\Client\\', '\\'], ['', '/'], $class);
    if (is_file(__DIR__ . "/client/lib/$path.php")) {
        require __DIR__ . "/client/lib/$path.php";
    }
});
