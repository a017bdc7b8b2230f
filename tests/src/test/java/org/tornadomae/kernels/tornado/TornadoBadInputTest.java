package org.tornadomae.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.kernels.TornadoJvm;
import org.tornadomae.kernels.open.Backends;

/// One clear line for what cannot be: no TornadoVM, no such device, too little memory, a failing driver.
class TornadoBadInputTest {
    @Test
    void withoutTornadoVMItSaysHowToGetIt() {
        Assumptions.assumeFalse(TornadoJvm.started(), "this JVM was started with TornadoVM");
        BackendException e = assertThrows(BackendException.class, () -> Backends.open("tornado"));
        assertTrue(e.getMessage().contains("setup-tornado.sh"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"tornado:99:0,no device", "tornado:0:99,no device", "tornado:x:0,are numbers",
            "tornado:-1:0,are numbers", "tornado:0,must be"})
    void deviceThatIsNotThere(String device, String message) {
        Assumptions.assumeTrue(TornadoJvm.started(), TornadoJvm.REASON);
        BackendException e = assertThrows(BackendException.class, () -> Backends.open(device));
        assertTrue(e.getMessage().contains(message) && e.getMessage().lines().count() == 1, e.getMessage());
    }

    @Test
    void modelThatDoesNotFit() {
        MemoryPlan plan =
                MemoryPlan.of(List.of(new float[1000], new int[10]), List.of(new float[100]), List.of(new float[500]));
        assertEquals(new MemoryPlan(4040, 800, 2000, 4000), plan);
        plan.check(6840, 4000);
        BackendException total = assertThrows(BackendException.class, () -> plan.check(6839, 4000));
        assertTrue(total.getMessage().contains("--batch-size"), total.getMessage());
        assertThrows(BackendException.class, () -> plan.check(6840, 3999));
    }

    /// What a driver's failure looks like: text on file descriptor 1, past System.out.
    private static void printNatively(String text) {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        try (Arena arena = Arena.ofConfined()) {
            @SuppressWarnings("restricted") MethodHandle write =
                    linker.downcallHandle(linker.defaultLookup().findOrThrow("write"),
                            FunctionDescriptor.of(size, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, size));
            MemorySegment bytes = arena.allocateFrom(text);
            long written = (long) write.invokeExact(1, bytes, bytes.byteSize() - 1);
            assertEquals(bytes.byteSize() - 1, written);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void printedErrorsAreFailures() {
        NativeOutput output = NativeOutput.open();
        output.watch(() -> printNatively("a harmless line\n"));
        BackendException e = assertThrows(BackendException.class,
                () -> output.watch(
                        () -> printNatively("[TornadoVM-OCL-JNI] ERROR : clEnqueueNDRangeKernel -> Returned: -54\n")));
        assertTrue(e.getMessage().contains("-54"), e.getMessage());
        boolean[] ran = new boolean[1];
        output.watch(() -> ran[0] = true);
        assertTrue(ran[0], "an error is reported once");
        IllegalStateException own = assertThrows(IllegalStateException.class, () -> output.watch(() -> {
            printNatively("[TornadoVM-OCL-JNI] ERROR : x\n");
            throw new IllegalStateException("mine");
        }));
        assertEquals("mine", own.getMessage(), "the more telling exception stays");
    }
}
