package org.tornadomae.video.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.tornadomae.video.codec.PathBytes;

/// Finds the same videos in two sets, which may be packed differently: first those in the same place, then those whose
/// names share the most parts at their ends, the last at least. Equals are taken in their order.
///
/// @param <A> what the one set has of a video
/// @param <B> what the other has
final class Pairs<A, B> {

    private final Map<A, B> pairs = new IdentityHashMap<>();
    private final Set<B> unpaired;

    Pairs(List<A> ones, Function<A, String> place, Function<A, String> name, List<B> others,
            Function<B, String> otherPlace, Function<B, String> otherName) {
        unpaired = new LinkedHashSet<>(others);
        List<A> left = pair(ones, place, otherPlace);
        int parts = ones.stream().mapToInt(one -> name.apply(one).split("/").length).max().orElse(0);
        for (int k = parts; k > 0 && !left.isEmpty(); k--) {
            int most = k;
            left = pair(left, one -> PathBytes.last(name.apply(one), most),
                    other -> PathBytes.last(otherName.apply(other), most));
        }
    }

    /// What the other set has of a video, or null.
    B other(A one) {
        return pairs.get(one);
    }

    /// What only the other set has.
    List<B> unpaired() {
        return List.copyOf(unpaired);
    }

    /// Pairs what has the same key, and returns what is left.
    private List<A> pair(List<A> ones, Function<A, String> key, Function<B, String> otherKey) {
        Map<String, Deque<B>> byKey = new HashMap<>();
        unpaired.forEach(other -> byKey.computeIfAbsent(otherKey.apply(other), _ -> new ArrayDeque<>()).add(other));
        List<A> left = new ArrayList<>();
        for (A one : ones) {
            B other = Objects.requireNonNullElse(byKey.get(key.apply(one)), new ArrayDeque<B>()).poll();
            if (other == null) {
                left.add(one);
            } else {
                pairs.put(one, other);
                unpaired.remove(other);
            }
        }
        return left;
    }
}
