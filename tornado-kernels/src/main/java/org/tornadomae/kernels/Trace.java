package org.tornadomae.kernels;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Looks at a program operation by operation: what each one reads and writes, as the annotations of [Ops] say.
public final class Trace {
    /// An operation and its tensors.
    ///
    /// @param name   of the method of [Ops]
    /// @param reads  read, those that are updated included
    /// @param writes overwritten or updated
    public record Operation(String name, List<Tensor> reads, List<Tensor> writes) {
    }

    /// What follows a program.
    public interface Listener {
        /// The next operation; called before it runs.
        void operation(Operation operation);

        /// A loop over layers whose body follows.
        void beginLoop(int layers, boolean reversed);

        /// The end of the loop's body.
        void endLoop();
    }

    private Trace() {}

    /// Shows a program to a listener without running it; loop bodies are shown once.
    public static void follow(Program program, Listener listener) {
        program.body().accept(proxy((method, arguments) -> {
            if (method.getName().equals("forEachLayer")) {
                listener.beginLoop((int) arguments[0], (boolean) arguments[1]);
                ((Runnable) arguments[2]).run();
                listener.endLoop();
            } else {
                listener.operation(operation(method, arguments));
            }
        }));
    }

    /// Operations that tell `before` of each operation, and then run it on `ops`.
    public static Ops around(Ops ops, Consumer<Operation> before) {
        return proxy((method, arguments) -> {
            if (!method.getName().equals("forEachLayer")) {
                before.accept(operation(method, arguments));
            }
            method.invoke(ops, arguments);
        });
    }

    /// Every buffer that a program names, in the order of first use.
    static Set<Buffer> buffers(Program program) {
        Set<Buffer> buffers = new LinkedHashSet<>();
        follow(program, new Listener() {
            @Override
            public void operation(Operation operation) {
                operation.reads().forEach(tensor -> buffers.add(tensor.buffer()));
                operation.writes().forEach(tensor -> buffers.add(tensor.buffer()));
            }

            @Override
            public void beginLoop(int layers, boolean reversed) {
                // which layers does not matter
            }

            @Override
            public void endLoop() {
                // which layers does not matter
            }
        });
        return buffers;
    }

    private static Operation operation(Method method, Object[] arguments) {
        List<Tensor> reads = new ArrayList<>();
        List<Tensor> writes = new ArrayList<>();
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (arguments[i] instanceof Tensor tensor) {
                boolean updated = parameters[i].isAnnotationPresent(InOut.class);
                if (updated || parameters[i].isAnnotationPresent(Out.class)) {
                    writes.add(tensor);
                }
                if (updated || !parameters[i].isAnnotationPresent(Out.class)) {
                    reads.add(tensor);
                }
            }
        }
        return new Operation(method.getName(), reads, writes);
    }

    private interface Call {
        void accept(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static Ops proxy(Call call) {
        return (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class},
                (self, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(call, arguments);
                    }
                    try {
                        call.accept(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    return null;
                });
    }
}
