using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Reuse;

/// <summary>Where an earlier answer lies.</summary>
/// <param name="File">Of an earlier dataset.</param>
/// <param name="Group">Row group, 0-based.</param>
/// <param name="Row">In the group, 0-based.</param>
internal readonly record struct AnswerPlace(AnswerFile File, ushort Group, ushort Row);

/// <summary>A file of an earlier dataset.</summary>
internal sealed record AnswerFile(IObjectStore Store, string Key);
