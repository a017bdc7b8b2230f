package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_format;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_h;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_time_base;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_w;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_write_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse_ptr;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_inout_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_inout_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_strdup;

import java.io.IOException;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/** RGB frames in, frames as an encoder wants them out, by a description in FFmpeg's filter language. */
final class FilterGraph implements AutoCloseable {

    private final AVFilterGraph graph;
    private final AVFilterContext source = new AVFilterContext(null);
    private final AVFilterContext sink = new AVFilterContext(null);

    FilterGraph(String description, int width, int height, AVRational rate) throws IOException {
        graph = Native.allocated(avfilter_graph_alloc());
        try {
            String input = "video_size=" + width + "x" + height + ":pix_fmt=" + AV_PIX_FMT_RGB24 + ":time_base="
                    + rate.den() + "/" + rate.num() + ":frame_rate=" + rate.num() + "/" + rate.den()
                    + ":pixel_aspect=1/1";
            create(source, "buffer", "in", input);
            create(sink, "buffersink", "out", null);
            parse(description);
            Native.check(avfilter_graph_config(graph, null), "configuring filter " + description);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    int width() {
        return av_buffersink_get_w(sink);
    }

    int height() {
        return av_buffersink_get_h(sink);
    }

    int pixelFormat() {
        return av_buffersink_get_format(sink);
    }

    AVRational timeBase() {
        return av_buffersink_get_time_base(sink);
    }

    /** Takes a frame, or null for the end. */
    void push(AVFrame frame) throws IOException {
        Native.check(av_buffersrc_write_frame(source, frame), "filtering a frame");
    }

    /** Fills {@code frame} with the next finished one; false when there is none for now. */
    boolean pull(AVFrame frame) {
        return av_buffersink_get_frame(sink, frame) >= 0;
    }

    @Override
    public void close() {
        avfilter_graph_free(graph);
    }

    private void create(AVFilterContext context, String filter, String name, String arguments) throws IOException {
        Native.check(avfilter_graph_create_filter(context, avfilter_get_by_name(filter), name, arguments, null, graph),
                "creating filter " + filter);
    }

    /** Connects the description between source and sink; the names are the graph's open ends, seen from outside. */
    private void parse(String description) throws IOException {
        AVFilterInOut outputs = end("in", source);
        AVFilterInOut inputs = end("out", sink);
        int result = avfilter_graph_parse_ptr(graph, description, inputs, outputs, null);
        avfilter_inout_free(inputs);
        avfilter_inout_free(outputs);
        Native.check(result, "parsing filter " + description);
    }

    private static AVFilterInOut end(String name, AVFilterContext filter) {
        AVFilterInOut end = Native.allocated(avfilter_inout_alloc());
        try (BytePointer text = new BytePointer(name)) {
            end.name(av_strdup(text)); // freed with the AVFilterInOut
        }
        end.filter_ctx(filter);
        end.pad_idx(0);
        end.next(null);
        return end;
    }
}
