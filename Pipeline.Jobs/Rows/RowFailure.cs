namespace Pipeline.Jobs.Rows;

/// <summary>Why an image could not be annotated. Written to the dataset in snake_case (<c>source_missing</c>).</summary>
public enum RowFailure
{
    /// <summary>The object was listed, but is gone now.</summary>
    SourceMissing,

    /// <summary>The object is there, but may not be read.</summary>
    SourceForbidden,

    /// <summary>The object could not be read, also after retries.</summary>
    SourceUnreadable,

    /// <summary>What was read is not what the store says it holds, also when read again.</summary>
    SourceCorrupt,

    /// <summary>The row of the source cannot be used: it names no image, has the id of another, or lacks what the prompts ask with.</summary>
    InvalidRow,

    /// <summary>The object has no bytes.</summary>
    EmptyFile,

    /// <summary>The bytes are not of any image format that can be read here.</summary>
    NotAnImage,

    /// <summary>The image breaks off before its end.</summary>
    TruncatedImage,

    /// <summary>The image is of a known format, but its content is damaged.</summary>
    CorruptImage,

    /// <summary>The image has more pixels or bytes, or takes more memory to decode, than is allowed.</summary>
    ImageTooLarge,

    /// <summary>The image took longer to decode than is allowed.</summary>
    ImageTooSlow,

    /// <summary>The image killed the process that decoded it, twice. Nothing else was in that process.</summary>
    DecoderCrashed,

    /// <summary>The image is smaller than the job's filters allow.</summary>
    ImageTooSmall,

    /// <summary>The image is longer and thinner than the job's filters allow.</summary>
    AspectOutOfRange,

    /// <summary>The image has less contrast than the job's filters allow.</summary>
    ImageBlank,

    /// <summary>The image is one that came before, and the job skips duplicates.</summary>
    DuplicateImage,

    /// <summary>The model failed on this image alone.</summary>
    InferenceFailed,

    /// <summary>The worker process died on this image, also when it worked on nothing else.</summary>
    WorkerCrashed,
}
