package org.tornadomae.video.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tornadomae.video.source.VideoList;

/// Describes manifests, line by line.
public final class Summary {

    private static final int NAMED = 10; // differences of one kind that are named

    private Summary() {}

    /// Lines on a manifest: usable, damaged by reason, duplicates.
    public static List<String> of(Manifest manifest) {
        List<Entry> entries = manifest.entries();
        List<Entry> usable = entries.stream().filter(Entry::usable).toList();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%,d videos: %,d usable with %,d frames, %,d damaged", entries.size(),
                usable.size(), usable.stream().mapToLong(Entry::frames).sum(), entries.size() - usable.size()));
        entries.stream().filter(entry -> !entry.usable())
                .collect(Collectors.groupingBy(Entry::reason, TreeMap::new, Collectors.counting()))
                .forEach((reason, count) -> lines.add(String.format(Locale.ROOT, "  %,8d %s", count, reason)));
        List<Entry> early = usable.stream().filter(Entry::endsEarly).toList();
        if (!early.isEmpty()) {
            lines.add(String.format(Locale.ROOT, "%,d end early%s", early.size(), names(early, entry -> String.format(
                    Locale.ROOT, "%s (%,d of %,d frames)", entry.name(), entry.frames(), entry.promised()))));
        }
        Set<String> seen = new HashSet<>();
        List<Entry> copies = usable.stream().filter(entry -> !seen.add(entry.sha256())).toList();
        if (!copies.isEmpty()) {
            lines.add(String.format(Locale.ROOT, "%,d are copies of others, byte for byte%s", copies.size(),
                    names(copies)));
        }
        return lines;
    }

    /// A line on videos that two sets share, by the last part of the name and the size; none when they share nothing.
    public static List<String> overlap(Manifest train, VideoList validation) {
        Set<String> there = validation.videos().stream().map(video -> video.baseName() + "/" + video.bytes().size())
                .collect(Collectors.toSet());
        List<Entry> shared = train.entries().stream()
                .filter(entry -> there.contains(entry.baseName() + "/" + entry.bytes())).toList();
        return shared.isEmpty()
                ? List.of()
                : List.of(String.format(Locale.ROOT, "%,d are also in %s%s", shared.size(),
                        validation.source(), names(shared)));
    }

    /// What has changed from one manifest to another; empty when nothing has.
    public static List<String> changes(Manifest older, Manifest newer) {
        Pairs<Entry, Entry> pairs = new Pairs<>(newer.entries(), Entry::source, Entry::name, older.entries(),
                Entry::source, Entry::name);
        List<String> lines = new ArrayList<>();
        change(lines, "new", newer.entries(), entry -> pairs.other(entry) == null);
        change(lines, "gone", pairs.unpaired(), _ -> true);
        List<Entry> both = newer.entries().stream().filter(entry -> pairs.other(entry) != null).toList();
        change(lines, "now usable", both, entry -> entry.usable() && !pairs.other(entry).usable());
        change(lines, "now damaged", both, entry -> !entry.usable() && pairs.other(entry).usable());
        change(lines, "with other content", both,
                entry -> !Objects.equals(entry.sha256(), pairs.other(entry).sha256()));
        change(lines, "with another label", both, entry -> entry.label() != pairs.other(entry).label());
        change(lines, "with other frames", both, entry -> entry.frames() != pairs.other(entry).frames());
        return lines;
    }

    private static void change(List<String> lines, String what, List<Entry> entries, Predicate<Entry> test) {
        List<Entry> changed = entries.stream().filter(test).toList();
        if (!changed.isEmpty()) {
            lines.add(String.format(Locale.ROOT, "%,d %s%s", changed.size(), what, names(changed)));
        }
    }

    private static String names(List<Entry> entries) {
        return names(entries, Entry::name);
    }

    private static String names(List<Entry> entries, Function<Entry, String> name) {
        return entries.stream().limit(NAMED).map(name)
                .collect(Collectors.joining(", ", ": ", entries.size() > NAMED ? ", ..." : ""));
    }
}
