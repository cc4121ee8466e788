package postern.web;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;
import postern.account.Account;
import postern.imap.MailboxName;
import postern.web.id.LocatedIds;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/**
 * Locates the mailboxes of message and thread ids before a handler gets them, so that no feature
 * needs to do it: ids in the path, in parameters, and in the members of a body. Only here are both
 * the ids and the account known. Ids of mailboxes are resolved by {@code MailboxResolver}, with
 * roles.
 */
@Component
final class LocatedArguments implements WebMvcRegistrations {

    private final LocatedIds ids;

    LocatedArguments(LocatedIds ids) {
        this.ids = ids;
    }

    @Override
    public RequestMappingHandlerAdapter getRequestMappingHandlerAdapter() {
        return new RequestMappingHandlerAdapter() {
            @Override
            protected ServletInvocableHandlerMethod createInvocableHandlerMethod(
                    HandlerMethod handler) {
                return new Handler(handler, ids);
            }
        };
    }

    private static final class Handler extends ServletInvocableHandlerMethod {

        private final LocatedIds ids;

        Handler(HandlerMethod handler, LocatedIds ids) {
            super(handler);
            this.ids = ids;
        }

        @Override
        protected @Nullable Object[] getMethodArgumentValues(
                NativeWebRequest request,
                @Nullable ModelAndViewContainer container,
                @Nullable Object... provided)
                throws Exception {
            var arguments = super.getMethodArgumentValues(request, container, provided);
            var account = account(arguments);
            if (account == null) {
                return arguments;
            }
            var wanted = new HashSet<MailboxName>();
            for (var argument : arguments) {
                Ids.map(argument, id -> noted(id, wanted));
            }
            if (wanted.isEmpty()) {
                return arguments;
            }
            var names = ids.names(account, wanted);
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = Ids.map(arguments[i], id -> located(id, names));
            }
            return arguments;
        }

        private static Object noted(Object id, Set<MailboxName> wanted) {
            var mailbox =
                    switch (id) {
                        case MessageId message -> message.message().mailbox();
                        case ThreadId.OfMessage(var message, long _) -> message.mailbox();
                        default -> MailboxName.INBOX;
                    };
            if (!mailbox.located()) {
                wanted.add(mailbox);
            }
            return id;
        }

        private static Object located(Object id, LocatedIds.Names names) {
            return switch (id) {
                case MessageId message -> names.of(message);
                case ThreadId thread -> names.of(thread);
                default -> id;
            };
        }

        private static @Nullable Account account(@Nullable Object[] arguments) {
            for (var argument : arguments) {
                switch (argument) {
                    case Account account -> {
                        return account;
                    }
                    case Caller caller -> {
                        return caller.account();
                    }
                    case null, default -> {
                        // not who asks
                    }
                }
            }
            return null;
        }
    }

    /** Finds the ids of messages and threads in an argument. */
    private static final class Ids {

        private Ids() {}

        static @Nullable Object map(@Nullable Object argument, UnaryOperator<Object> each) {
            return switch (argument) {
                case MessageId id -> each.apply(id);
                case ThreadId id -> each.apply(id);
                case List<?> list when list.stream().anyMatch(MessageId.class::isInstance) ->
                        list.stream().map(it -> map(it, each)).toList();
                case Record body when Members.of(body.getClass()).concerned() ->
                        Members.of(body.getClass()).map(body, each);
                case null, default -> argument;
            };
        }
    }

    /** The members of a body that may be ids of messages. */
    private record Members(RecordComponent[] all, boolean concerned, Constructor<?> constructor) {

        private static final Map<Class<?>, Members> KNOWN = new ConcurrentHashMap<>();

        static Members of(Class<?> body) {
            return KNOWN.computeIfAbsent(body, Members::read);
        }

        private static Members read(Class<?> body) {
            var all = body.getRecordComponents();
            var types = Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new);
            boolean concerned =
                    body.getPackageName().startsWith("postern.")
                            && Arrays.stream(all)
                                    .map(it -> it.getGenericType().getTypeName())
                                    .anyMatch(Members::isId);
            try {
                var constructor = body.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                Arrays.stream(all).forEach(it -> it.getAccessor().setAccessible(true));
                return new Members(all, concerned, constructor);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(e); // every record has it
            }
        }

        private static boolean isId(String type) {
            return type.contains(MessageId.class.getName())
                    || type.contains(ThreadId.class.getName());
        }

        Object map(Record body, UnaryOperator<Object> each) {
            try {
                var values = new @Nullable Object[all.length];
                for (int i = 0; i < all.length; i++) {
                    values[i] = Ids.map(all[i].getAccessor().invoke(body), each);
                }
                return BeanUtils.instantiateClass(constructor, values);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
