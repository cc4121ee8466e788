package postern.submission;

/** Reserves a message before it leaves. */
interface Claiming {

    Claiming NONE =
            new Claiming() {
                @Override
                public void take() {}

                @Override
                public boolean release() {
                    return true;
                }
            };

    void take();

    /** The message has certainly not been sent. Returns whether everything is as before. */
    boolean release();
}
