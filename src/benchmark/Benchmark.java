// The way into the benchmark, run as it stands: a main method among the tests would keep
// spring-boot:test-run
// from finding the demo's by itself.
void main() throws Exception {
    postern.benchmark.GatewayBenchmark.measure();
}
