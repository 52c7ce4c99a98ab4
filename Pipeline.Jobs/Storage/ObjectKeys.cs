namespace Pipeline.Jobs.Storage;

/// <summary>What the stores ask of keys.</summary>
internal static class ObjectKeys
{
    /// <summary>Start of the keys of objects that are written and deleted to test a store.</summary>
    public const string Probe = "_pipeline/probe-";

    /// <summary>Refuses keys that could lead out of the store's folder, or that name no object.</summary>
    public static void Check(IObjectStore store, string key)
    {
        if (!IsKey(key))
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Rejected,
                store.Uri,
                $"'{key.Replace("\0", "\\0")}' is no key of {store.Uri}: keys are relative, without '.' and '..' segments and NUL characters.");
        }
    }

    public static bool IsKey(string key) =>
        key.Length > 0 && key[0] != '/' && !key.Contains('\0') && !key.Split('/').Any(static segment => segment is "." or "..");

    /// <summary>Order of UTF-8 bytes, the order of S3 listings. It differs from the order of UTF-16 units beyond U+D7FF.</summary>
    public static IComparer<string> Utf8Order { get; } = Comparer<string>.Create(CompareUtf8);

    private static int CompareUtf8(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            if (left[i] != right[i])
            {
                // Code points beyond U+FFFF are written with surrogates, which would sort below U+E000 to U+FFFF.
                var (leftIsBeyond, rightIsBeyond) = (char.IsSurrogate(left[i]), char.IsSurrogate(right[i]));
                return leftIsBeyond == rightIsBeyond ? left[i].CompareTo(right[i]) : leftIsBeyond.CompareTo(rightIsBeyond);
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
