package org.tornadomae.video.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is in a tar.
///
/// @param members the files that may be videos, in their order
/// @param defects what is not used, by reason
record ArchiveIndex(List<Member> members, Map<ArchiveDefect, Integer> defects) {

    /// A file in a tar.
    ///
    /// @param name   its path there, without a leading `./`
    /// @param offset where its bytes begin in the (uncompressed) tar
    /// @param size   how many they are
    record Member(String name, long offset, long size) {
    }

    /// Reads what [#toBytes] wrote.
    static ArchiveIndex of(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        List<Member> members = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            members.add(new Member(name, in.readLong(), in.readLong()));
        }
        Map<ArchiveDefect, Integer> defects = new EnumMap<>(ArchiveDefect.class);
        for (int left = in.readInt(); left > 0; left--) {
            defects.put(ArchiveDefect.valueOf(in.readUTF()), in.readInt());
        }
        return new ArchiveIndex(members, defects);
    }

    /// The same as bytes, to be kept in an index file.
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(members.size());
        for (Member member : members) {
            byte[] name = member.name().getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length);
            out.write(name);
            out.writeLong(member.offset());
            out.writeLong(member.size());
        }
        out.writeInt(defects.size());
        for (Map.Entry<ArchiveDefect, Integer> defect : defects.entrySet()) {
            out.writeUTF(defect.getKey().name());
            out.writeInt(defect.getValue());
        }
        return bytes.toByteArray();
    }
}
