package org.tornadomae.nn.file;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A machine for Python's pickles that can build data and nothing else.
///
/// A pickle is a program: it may name any function of any module and have it called. Here a name stays a string: what
/// a call gives is up to [Calls], and an object of a class nobody knows becomes an [Opaque] that remembers only the
/// name.
/// Of pickle's opcodes it has those that PyTorch's files use (protocol 2, and 4 of newer Pythons). Every opcode costs
/// constant time and memory per byte read and nothing recurses, so that no program of n bytes costs more than O(n).
///
/// Values: null (None), Boolean, Long, BigInteger, Double, String, [Tuple], [Items], [Dict], [Global], [Opaque], and
/// whatever the calls give.
final class Pickle {
    /// Values a pickle may make. A checkpoint of ViT-H with its optimizer makes some 100 thousand.
    private static final int MAX_VALUES = 1 << 22;
    private static final int MAX_STRING = 1 << 20;

    /// An immutable sequence. Two tuples are equal only if they are the same: a hash that looked inside would recurse.
    static final class Tuple {
        private final Object[] items;

        Tuple(Object... items) {
            this.items = items;
        }

        int size() {
            return items.length;
        }

        Object get(int i) {
            return items[i];
        }
    }

    /// A list or a set.
    record Items(List<Object> values) {
        Items() {
            this(new ArrayList<>());
        }
    }

    /// A dictionary in the order of its making.
    record Dict(Map<Object, Object> entries) {
        Dict() {
            this(new LinkedHashMap<>());
        }
    }

    /// The name of a class or function, never looked up.
    record Global(String name) {
    }

    /// Something made by a class or function that is none of ours.
    record Opaque(String maker) {
    }

    /// What a pickle may call, and where it keeps data outside of itself.
    interface Calls {
        /// The result of calling a function or class.
        Object call(String function, Tuple arguments) throws MalformedException;

        /// The object that a persistent id stands for.
        Object persistent(Object id) throws MalformedException;
    }

    private final ByteBuffer in;
    private final Calls calls;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int made;

    private Pickle(ByteBuffer in, Calls calls) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.calls = calls;
    }

    /// Runs the pickle that starts at the buffer's position, and leaves the position after its end.
    ///
    /// @throws MalformedException when it is none, is cut off, or does what weights have no need of
    static Object read(ByteBuffer in, Calls calls) throws MalformedException {
        Pickle pickle = new Pickle(in, calls);
        for (int op = pickle.u1(); op != '.'; op = pickle.u1()) {
            pickle.step(op);
        }
        return pickle.pop();
    }

    private void step(int op) throws MalformedException {
        switch (op) {
            case 0x80 -> u1();
            case 0x95 -> need(8).getLong();
            case '(' -> marks.add(stack.size());
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) need(4).getInt());
            case 'K' -> push((long) u1());
            case 'M' -> push((long) Short.toUnsignedInt(need(2).getShort()));
            case 0x8a -> push(number(u1()));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(need(8).getLong())));
            case 'X', 'B', 'T' -> push(text(size4()));
            case 0x8c, 'C', 'U' -> push(text(u1()));
            case '}' -> push(new Dict());
            case ']', 0x8f -> push(new Items());
            case ')' -> push(new Tuple());
            case 't' -> push(new Tuple(popToMark()));
            case 0x85, 0x86, 0x87 -> push(new Tuple(pop(op - 0x84)));
            case 'a' -> append(pop(1));
            case 'e', 0x90 -> append(popToMark());
            case 's' -> put(pop(2));
            case 'u' -> put(popToMark());
            default -> stepOfObjects(op);
        }
    }

    private void stepOfObjects(int op) throws MalformedException {
        switch (op) {
            case 'c' -> push(new Global(line() + "." + line()));
            case 0x93 -> {
                Object[] names = pop(2);
                push(new Global(names[0] + "." + names[1]));
            }
            case 'R', 0x81 -> call(pop(2));
            case 'b' -> pop();
            case 'Q' -> push(calls.persistent(pop()));
            case 'q' -> memoize(u1());
            case 'r' -> memoize(need(4).getInt());
            case 0x94 -> memoize(memo.size());
            case 'h' -> recall(u1());
            case 'j' -> recall(need(4).getInt());
            default -> throw new MalformedException("its pickle has the opcode 0x" + Integer.toHexString(op)
                    + " at byte " + (in.position() - 1) + ", which weights have no need of");
        }
    }

    private ByteBuffer need(int bytes) throws MalformedException {
        if (in.remaining() < bytes) {
            throw new MalformedException("its pickle is cut off at byte " + in.limit());
        }
        return in;
    }

    private int u1() throws MalformedException {
        return Byte.toUnsignedInt(need(1).get());
    }

    private int size4() throws MalformedException {
        int size = need(4).getInt();
        if (size < 0 || size > MAX_STRING) {
            throw new MalformedException("its pickle has a string of " + Integer.toUnsignedString(size) + " bytes");
        }
        return size;
    }

    private String text(int bytes) throws MalformedException {
        need(bytes);
        byte[] text = new byte[bytes];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private String line() throws MalformedException {
        int start = in.position();
        while (u1() != '\n') {
            if (in.position() - start > MAX_STRING) {
                throw new MalformedException("its pickle has a name of more than " + MAX_STRING + " bytes");
            }
        }
        byte[] text = new byte[in.position() - 1 - start];
        in.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /// A little-endian whole number in two's complement.
    private Object number(int bytes) throws MalformedException {
        need(bytes);
        byte[] big = new byte[bytes];
        for (int i = bytes - 1; i >= 0; i--) {
            big[i] = in.get();
        }
        return bytes == 0 ? (Object) 0L : bytes <= 8 ? (Object) new BigInteger(big).longValue() : new BigInteger(big);
    }

    private void push(Object value) throws MalformedException {
        if (++made > MAX_VALUES) {
            throw new MalformedException("its pickle makes more than " + MAX_VALUES + " values");
        }
        stack.add(value);
    }

    private Object pop() throws MalformedException {
        return pop(1)[0];
    }

    /// The topmost items, in the order in which they were pushed.
    private Object[] pop(int items) throws MalformedException {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        int from = stack.size() - items;
        if (from < floor) {
            throw new MalformedException("its pickle takes more than it has put at byte " + in.position());
        }
        List<Object> top = stack.subList(from, stack.size());
        Object[] values = top.toArray();
        top.clear();
        return values;
    }

    private Object[] popToMark() throws MalformedException {
        if (marks.isEmpty()) {
            throw new MalformedException("its pickle lacks a mark at byte " + in.position());
        }
        Object[] values = pop(stack.size() - marks.getLast());
        marks.removeLast();
        return values;
    }

    private Object top() throws MalformedException {
        Object top = pop();
        stack.add(top);
        return top;
    }

    /// Adds to the list on top; an object of an unknown class forgets what is added to it.
    private void append(Object[] values) throws MalformedException {
        switch (top()) {
            case Items items -> Collections.addAll(items.values(), values);
            case Opaque _ -> {}
            case null, default -> throw new MalformedException("its pickle appends to what is no list at byte "
                    + in.position());
        }
    }

    /// Sets pairs of key and value in the dictionary on top; an object of an unknown class forgets them.
    private void put(Object[] pairs) throws MalformedException {
        if (pairs.length % 2 != 0) {
            throw new MalformedException("its pickle has a key without a value at byte " + in.position());
        }
        switch (top()) {
            case Dict dict -> {
                for (int i = 0; i < pairs.length; i += 2) {
                    dict.entries().put(key(pairs[i]), pairs[i + 1]);
                }
            }
            case Opaque _ -> {}
            case null, default -> throw new MalformedException("its pickle sets keys of what is no dictionary at byte "
                    + in.position());
        }
    }

    /// Collections are no keys, neither in Python nor here.
    private Object key(Object key) throws MalformedException {
        if (key instanceof Items || key instanceof Dict) {
            throw new MalformedException("its pickle has a collection for a key at byte " + in.position());
        }
        return key;
    }

    private void call(Object[] functionAndArguments) throws MalformedException {
        if (functionAndArguments[0] instanceof Opaque opaque) {
            push(opaque);
        } else if (functionAndArguments[0] instanceof Global function
                && functionAndArguments[1] instanceof Tuple arguments) {
            push(calls.call(function.name(), arguments));
        } else {
            throw new MalformedException("its pickle calls what is no function at byte " + in.position());
        }
    }

    private void memoize(int at) throws MalformedException {
        memo.put(at, top());
    }

    private void recall(int at) throws MalformedException {
        if (!memo.containsKey(at)) {
            throw new MalformedException("its pickle recalls what it has not kept at byte " + in.position());
        }
        push(memo.get(at));
    }
}
