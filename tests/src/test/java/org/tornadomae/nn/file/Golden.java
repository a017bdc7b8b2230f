package org.tornadomae.nn.file;

import java.net.URISyntaxException;
import java.nio.file.Path;

/// Files in golden/finetune, made by the official codes and by PyTorch.
public final class Golden {
    private Golden() {}

    public static Path path(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/finetune/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
