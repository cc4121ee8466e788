package postern.testserver;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.UIDFolder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * GreenMail whose mailboxes are changed and read by one connection at a time. By itself it tells
 * the UID that a new message takes before the message is there, so that another connection may see
 * a mailbox that no mail server has.
 */
final class OneChangeAtATime extends GreenMail {

    OneChangeAtATime(ServerSetup setup) {
        super(setup);
    }

    @Override
    protected Map<String, AbstractServer> createServices(ServerSetup[] setups, Managers unlocked) {
        if (!(managers instanceof LockedManagers)) {
            managers = new LockedManagers();
        }
        return super.createServices(setups, managers);
    }

    private static final class LockedManagers extends Managers {

        private final ImapHostManager locked = locked(super.getImapHostManager());

        @Override
        public ImapHostManager getImapHostManager() {
            return locked;
        }

        private static ImapHostManager locked(ImapHostManager host) {
            var lock = new Object();
            return proxy(
                    (_, method, arguments) -> {
                        var answer = call(() -> method.invoke(host, arguments));
                        return answer instanceof MailFolder folder ? locked(folder, lock) : answer;
                    },
                    ImapHostManager.class);
        }

        private static MailFolder locked(MailFolder folder, Object lock) {
            return proxy(
                    (_, method, arguments) -> {
                        synchronized (lock) {
                            return call(() -> method.invoke(folder, arguments));
                        }
                    },
                    MailFolder.class,
                    UIDFolder.class);
        }

        @SuppressWarnings("unchecked")
        private static <T> T proxy(InvocationHandler handler, Class<T> type, Class<?>... others) {
            var types = new Class<?>[others.length + 1];
            types[0] = type;
            System.arraycopy(others, 0, types, 1, others.length);
            return (T) Proxy.newProxyInstance(type.getClassLoader(), types, handler);
        }

        private static Object call(Invocation invocation) throws Throwable {
            try {
                return invocation.run();
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }

        private interface Invocation {
            Object run() throws ReflectiveOperationException;
        }
    }
}
