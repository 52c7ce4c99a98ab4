namespace Pipeline.Jobs.Specs;

/// <summary>Gives every spelling of a place one form, so that <c>/data/in/</c>, <c>/data/./in</c> and <c>file:///data/in</c> are one source.</summary>
public static class SpecNormalizer
{
    /// <summary>The spec with normal places; places that are no valid place stay as they are, for validation to name.</summary>
    public static JobSpec Normalize(JobSpec spec) => spec with
    {
        Source = Place(spec.Source),
        Output = Place(spec.Output),
        Model = Place(spec.Model),
    };

    /// <summary>An absolute path without '.', '..' and trailing '/'; or an s3 URI without trailing '/'.</summary>
    public static string Place(string place)
    {
        if (place.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(place, UriKind.Absolute, out var uri) && uri.Host.Length == 0)
        {
            place = uri.LocalPath;
        }

        if (place.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
        {
            return "s3://" + place["s3://".Length..].TrimEnd('/');
        }

        return place.StartsWith('/') && !place.Contains('\0')
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))
            : place;
    }
}
