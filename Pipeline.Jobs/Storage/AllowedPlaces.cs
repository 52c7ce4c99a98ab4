using Microsoft.Extensions.Configuration;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// Which local folders jobs may read and write, and which hold models: the configuration section <c>Places</c>. Every place that a job names is opened by
/// <see cref="ObjectStores"/>, which asks here, and so are the files that links lead to.
/// </summary>
public sealed class AllowedPlaces
{
    public const string Section = "Places";

    private const string Any = "*", None = "none";
    private const char Separator = ';';

    private readonly IReadOnlyList<string>? _local;
    private readonly IReadOnlyList<string>? _models;

    private AllowedPlaces(IReadOnlyList<string>? local, IReadOnlyList<string>? models) => (_local, _models) = (local, models);

    /// <summary>Whatever the process may.</summary>
    public static AllowedPlaces All { get; } = new(null, null);

    /// <summary>Whether only some local folders are allowed.</summary>
    public bool IsLimited => _local is not null;

    /// <param name="configuration">
    /// <c>Places:Local</c> and <c>Places:Models</c>: absolute folders with ';' between them, <c>none</c>, or <c>*</c> for all.
    /// </param>
    /// <param name="isExposed">Whether other machines can submit jobs here: then what is not said is "none", else "all".</param>
    /// <exception cref="FormatException">A folder is not absolute.</exception>
    public static AllowedPlaces From(IConfiguration configuration, bool isExposed)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        return new AllowedPlaces(Read(section, "Local", isExposed), Read(section, "Models", isExposed));
    }

    /// <summary>Why a job may not read or write there, with the mend; null if it may. The disk is not looked at.</summary>
    public string? FaultOf(ObjectLocation place) => place.LocalPath is { } path && _local is not null && !IsIn(_local, path)
        ? Refusal(path, "jobs may use", "Local", _local)
        : null;

    /// <summary>The same for the folder of a model.</summary>
    public string? FaultOfModel(string folder) => _models is not null && !IsIn(_models, Path.GetFullPath(folder))
        ? Refusal(folder, "hold models", "Models", _models)
        : null;

    /// <summary>Whether a file or folder, links resolved, is where jobs may be. What is not there yet is where it would be made.</summary>
    internal bool Holds(string path) => _local is null || IsIn(_local.Select(Resolve), Resolve(path));

    /// <exception cref="ObjectStoreException">A link leads out of the allowed folders.</exception>
    internal void AssertHolds(string path)
    {
        if (!Holds(path))
        {
            throw LeadsOut(path);
        }
    }

    internal static ObjectStoreException LeadsOut(string path) => new(
        ObjectStoreFault.AccessDenied, LocalUri.Of(path), $"'{path}' leads by a link out of the folders that jobs may use ({Section}:Local).");

    private static string Resolve(string path) =>
        Posix.RealPath(path) ?? (Path.GetDirectoryName(path) is { } folder ? Path.Combine(Resolve(folder), Path.GetFileName(path)) : path);

    private static bool IsIn(IEnumerable<string> roots, string path) =>
        roots.Any(root => path == root || path.StartsWith(root == "/" ? root : root + "/", StringComparison.Ordinal));

    private static string Refusal(string path, string what, string setting, IReadOnlyList<string> roots) =>
        $"'{path}' is not in a folder that {what} on this server ({(roots.Count == 0 ? "there is none" : string.Join(", ", roots.Select(root => $"'{root}'")))}): "
        + $"name another place, or have {Section}:{setting} set there.";

    private static IReadOnlyList<string>? Read(IConfigurationSection section, string key, bool isExposed) => section[key] switch
    {
        null => isExposed ? [] : null,
        Any => null,
        "" or None => [],
        var text => [.. text.Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(folder => Path.IsPathFullyQualified(folder)
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            : throw new FormatException($"{Section}:{key} names '{folder}', which is no absolute path: write absolute folders with '{Separator}' between them, '{None}' or '{Any}'."))],
    };
}
