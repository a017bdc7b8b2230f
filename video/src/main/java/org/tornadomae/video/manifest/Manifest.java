package org.tornadomae.video.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.source.Video;
import org.tornadomae.video.source.VideoList;

/// What is known of each video of a data set, as JSON lines. Their order is that of training.
///
/// @param entries one per video
public record Manifest(List<Entry> entries) {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /// Reads a manifest.
    ///
    /// @throws VideoException when there is none, or a line is broken
    public static Manifest read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new VideoException("no such manifest: " + file, e);
        } catch (CharacterCodingException e) {
            throw new VideoException(file + " is not a manifest (it is not UTF-8 text)", e);
        } catch (IOException e) {
            throw new VideoException("cannot read " + file + ": " + e.getMessage(), e);
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            try {
                Entry entry = JSON.readValue(lines.get(i), Entry.class);
                if (entry == null) {
                    throw JsonMappingException.from((JsonParser) null, "null");
                }
                entries.add(entry);
            } catch (JsonProcessingException e) {
                throw new VideoException(file + ":" + (i + 1) + ": not a line of a manifest: "
                        + e.getOriginalMessage().lines().findFirst().orElse("") + "; make it with bin/mae doctor", e);
            }
        }
        if (entries.isEmpty()) {
            throw new VideoException(file + " is an empty manifest; make it with bin/mae doctor");
        }
        return new Manifest(entries);
    }

    /// Writes it, all or nothing.
    ///
    /// @throws VideoException when that fails
    public void write(Path file) {
        Path unfinished = unfinished(file);
        try {
            try (BufferedWriter out = Files.newBufferedWriter(unfinished)) {
                for (Entry entry : entries) {
                    out.write(JSON.writeValueAsString(entry));
                    out.write('\n');
                }
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// Finds out before hours of work whether a manifest can be written.
    ///
    /// @throws VideoException when it cannot
    public static void requireWritable(Path file) {
        try {
            Files.newOutputStream(unfinished(file)).close();
            Files.delete(unfinished(file));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private static VideoException unwritable(Path file, IOException problem) {
        return new VideoException("cannot write " + file + ": "
                + (problem instanceof NoSuchFileException ? "there is no such folder" : problem), problem);
    }

    /// The usable videos of a data set, in this manifest's order and with its frame counts.
    ///
    /// @param data the data set that the manifest is about, however it is packed now
    /// @param file the manifest's own place, for messages
    /// @throws VideoException when it is about another data set, or nothing in it is usable
    public VideoList choose(VideoList data, Path file) {
        Pairs<Entry, Video> pairs = new Pairs<>(entries, Entry::source, Entry::name, data.videos(),
                video -> video.bytes().toString(), Video::name);
        List<Video> chosen = new ArrayList<>();
        for (Entry entry : entries) {
            Video video = pairs.other(entry);
            if (video == null || video.bytes().size() != entry.bytes()) {
                throw new VideoException(file + " is the manifest of other data than " + data.source() + ": "
                        + entry.name() + (video == null ? " is not in it" : " has another size in it")
                        + "; run bin/mae doctor again");
            }
            if (entry.usable()) {
                chosen.add(video.counted(entry.frames()));
            }
        }
        if (entries.size() < data.size()) {
            String extra = pairs.unpaired().getFirst().name();
            throw new VideoException(file + " is the manifest of other data than " + data.source() + ": it has no line"
                    + " for " + extra + "; run bin/mae doctor again");
        }
        if (chosen.isEmpty()) {
            throw new VideoException("none of the " + entries.size() + " videos in " + file + " is usable");
        }
        return data.choose(chosen);
    }
}
