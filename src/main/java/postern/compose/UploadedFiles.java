package postern.compose;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import postern.web.problem.InvalidRequest;

/** The files of one request by part name; each is used by one attachment. */
final class UploadedFiles {

    static final UploadedFiles NONE = new UploadedFiles(Map.of());

    private final Map<String, MultipartFile> files;
    private final Set<String> taken = new HashSet<>();

    UploadedFiles(Map<String, MultipartFile> files) {
        this.files = files;
    }

    MultipartFile take(String part, String at) {
        @Nullable MultipartFile file = files.get(part);
        if (file == null) {
            throw InvalidRequest.at(at, "is not the name of a file of this request");
        }
        taken.add(part);
        return file;
    }

    /** Refuses files that no attachment refers to, which would be ignored silently. */
    void requireAllTaken() {
        for (var name : files.keySet()) {
            if (!taken.contains(name)) {
                throw InvalidRequest.parameter(
                        "message", "has no attachment whose `part` is one of the files");
            }
        }
    }
}
