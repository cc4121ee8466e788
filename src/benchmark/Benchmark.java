// The entry point of the benchmark, run as a source file: a second main method on the test class
// path would keep spring-boot:test-run from finding that of the demo.
void main() throws Exception {
    postern.benchmark.GatewayBenchmark.measure();
}
