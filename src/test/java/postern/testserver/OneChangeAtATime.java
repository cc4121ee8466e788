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
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

        private final ImapHostManager locked;

        LockedManagers() {
            var host = super.getImapHostManager();
            var lock = new Object();
            locked =
                    (ImapHostManager)
                            proxy(
                                    (_, method, arguments) ->
                                            lockedCall(host, method, arguments, lock),
                                    ImapHostManager.class);
        }

        @Override
        public ImapHostManager getImapHostManager() {
            return locked;
        }

        /**
         * The deletion of a mailbox goes through all connections that have it open, and asks the
         * locked mailbox for its name: it needs the lock before what it takes of the mailbox
         * itself.
         */
        private static @Nullable Object lockedCall(
                ImapHostManager host,
                Method method,
                @Nullable Object @Nullable [] arguments,
                Object lock)
                throws Throwable {
            synchronized (lock) {
                var answer = OneChangeAtATime.invoke(host, method, arguments);
                return answer instanceof MailFolder folder
                        ? proxy(new LockedFolder(folder, lock), MailFolder.class, UIDFolder.class)
                        : answer;
            }
        }
    }

    private record LockedFolder(MailFolder folder, Object lock) implements InvocationHandler {

        @Override
        public @Nullable Object invoke(
                Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            if (arguments != null) {
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = unlocked(arguments[i]);
                }
            }
            synchronized (lock) {
                return OneChangeAtATime.invoke(folder, method, arguments);
            }
        }

        /** A move casts the mailbox that it goes to. */
        private static @Nullable Object unlocked(@Nullable Object argument) {
            return argument != null
                            && Proxy.isProxyClass(argument.getClass())
                            && Proxy.getInvocationHandler(argument) instanceof LockedFolder locked
                    ? locked.folder
                    : argument;
        }
    }

    private static Object proxy(InvocationHandler handler, Class<?>... types) {
        return Proxy.newProxyInstance(types[0].getClassLoader(), types, handler);
    }

    private static @Nullable Object invoke(
            Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
