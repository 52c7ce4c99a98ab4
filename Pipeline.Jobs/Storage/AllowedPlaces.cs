using Microsoft.Extensions.Configuration;

namespace Pipeline.Jobs.Storage;

/// <summary>
/// Which local folders jobs may read and write, and which hold models: the configuration section <c>Places</c>; and where the job of a tenant may. Every place that a job
/// names is opened by <see cref="ObjectStores"/>, which asks here, and so are the files that links lead to.
/// </summary>
public sealed class AllowedPlaces
{
    public const string Section = "Places";

    private const string Any = "*", None = "none";
    private const char Separator = ';';

    private readonly IReadOnlyList<string>? _local;
    private readonly IReadOnlyList<string>? _models;

    /// <summary>Of one job; null: everywhere.</summary>
    private readonly IReadOnlyList<ObjectLocation>? _within;

    private AllowedPlaces(IReadOnlyList<string>? local, IReadOnlyList<string>? models, IReadOnlyList<ObjectLocation>? within = null) => (_local, _models, _within) = (local, models, within);

    /// <summary>Whatever the process may.</summary>
    public static AllowedPlaces All { get; } = new(null, null);

    /// <summary>Whether only some local folders are allowed.</summary>
    public bool IsLimited => _local is not null || _within is not null;

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

    /// <summary>Has every process that takes these settings over allow no local folder, where they don't say which.</summary>
    public static void AllowNoneUnlessSaid(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        foreach (var name in (string[])["Local", "Models"])
        {
            configuration[$"{Section}:{name}"] ??= None;
        }
    }

    /// <summary>The same for a job that may use these places alone, and what is inside them.</summary>
    /// <param name="places">As <see cref="ObjectLocation"/> takes them.</param>
    public AllowedPlaces Within(IEnumerable<string> places) => new(_local, _models, [.. places.Select(ObjectLocation.Parse)]);

    /// <summary>Why a job may not read or write there, with the mend; null if it may. The disk is not looked at.</summary>
    public string? FaultOf(ObjectLocation place)
    {
        if (place.LocalPath is { } path && _local is not null && !IsIn(_local, path))
        {
            return Refusal(path, "jobs may use", "Local", _local);
        }

        return _within is null || _within.Any(allowed => allowed.KeyOf(place) is not null)
            ? null
            : $"'{place}' is not in a place that this tenant's jobs may use ({(_within.Count == 0 ? "there is none" : string.Join(", ", _within.Select(allowed => $"'{allowed}'")))}): "
                + "name another place, or have an administrator allow it (PUT /v1/tenants).";
    }

    /// <summary>The same for one object or file, by its URI.</summary>
    internal string? FaultOfObject(string uri)
    {
        var place = ObjectLocation.Parse(uri);

        // Locations leave out slashes at the ends, and keys of S3 are taken as they stand: "s3://bucket//a" is in no folder "a".
        return _within is not null && place.Bucket is not null && place.ToString() != uri
            ? $"'{uri}' has a slash too many, and this tenant's jobs may use some places only: rename the object."
            : FaultOf(place);
    }

    /// <summary>The same for the folder of a model.</summary>
    public string? FaultOfModel(string folder) => _models is not null && !IsIn(_models, Path.GetFullPath(folder))
        ? Refusal(folder, "hold models", "Models", _models)
        : null;

    /// <summary>Whether a file or folder, links resolved, is where jobs may be. What is not there yet is where it would be made.</summary>
    internal bool Holds(string path) =>
        (_local is null || IsIn(_local.Select(Resolve), Resolve(path)))
        && (_within is null || IsIn(_within.Select(place => place.LocalPath).OfType<string>().Select(Resolve), Resolve(path)));

    /// <exception cref="ObjectStoreException">A link leads out of the allowed folders.</exception>
    internal void AssertHolds(string path)
    {
        if (!Holds(path))
        {
            throw LeadsOut(path);
        }
    }

    internal static ObjectStoreException LeadsOut(string path) => new(
        ObjectStoreFault.AccessDenied, LocalUri.Of(path), $"'{path}' leads by a link out of the folders that jobs may use ({Section}:Local, and those of the job's tenant).");

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
