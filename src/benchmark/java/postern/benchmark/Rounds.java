package postern.benchmark;

/** Repeats rounds in which all variants run in turn, after warm-up rounds that are not counted. */
final class Rounds {

    /** One turn of every variant. */
    interface Round {
        void run(int number) throws Exception;
    }

    private Rounds() {}

    static void run(int warmUps, int rounds, Round round, Samples... samples) throws Exception {
        for (int number = 0; number < warmUps; number++) {
            round.run(number);
        }
        for (var each : samples) {
            each.clear();
        }
        for (int number = warmUps; number < warmUps + rounds; number++) {
            round.run(number);
        }
    }
}
