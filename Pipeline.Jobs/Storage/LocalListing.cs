using System.IO.Enumeration;

namespace Pipeline.Jobs.Storage;

/// <summary>Walks a folder so that whole keys come in the order of their UTF-8 bytes, holding only the names of the folders it is in.</summary>
internal static class LocalListing
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Keys and files below <paramref name="root"/> whose keys start with <paramref name="prefix"/>.</summary>
    public static IEnumerable<(string Key, FileInfo File)> Walk(string root, string prefix, AllowedPlaces places)
    {
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        var start = Path.Combine(root, folder);
        return folder.Length > 0 && !Directory.Exists(start) ? [] : Walk(start, start, folder, prefix, places, []);
    }

    /// <param name="folder">Where the entries are listed.</param>
    /// <param name="realFolder">The same with symbolic links resolved.</param>
    /// <param name="keyPrefix">Key of the folder, with a '/' at its end.</param>
    /// <param name="wanted">What keys must start with.</param>
    /// <param name="places">Folders that are not among them are not looked into.</param>
    /// <param name="above">Resolved folders above this one: a link to one of them would go round for ever.</param>
    private static IEnumerable<(string Key, FileInfo File)> Walk(
        string folder, string realFolder, string keyPrefix, string wanted, AllowedPlaces places, HashSet<string> above)
    {
        if (!places.Holds(folder) || !above.Add(realFolder))
        {
            yield break;
        }

        foreach (var name in Names(folder))
        {
            var key = keyPrefix + name;
            if (!key.StartsWith(wanted, StringComparison.Ordinal))
            {
                continue;
            }

            if (!name.EndsWith('/'))
            {
                yield return (key, new FileInfo(Path.Combine(folder, name)));
                continue;
            }

            var below = new DirectoryInfo(Path.Combine(folder, name[..^1]));
            var real = Path.Combine(realFolder, below.Name);
            foreach (var found in Walk(below.FullName, Directory.ResolveLinkTarget(real, true)?.FullName ?? real, key, wanted, places, above))
            {
                yield return found;
            }
        }

        above.Remove(realFolder);
    }

    /// <summary>Folders end with '/', so that "a.b" sorts before "a/" and "a0" after it, as whole keys do.</summary>
    private static List<string> Names(string folder)
    {
        List<string> names =
        [
            .. new FileSystemEnumerable<string>(
                folder,
                static (ref FileSystemEntry entry) => entry.IsDirectory ? string.Concat(entry.FileName, "/") : entry.FileName.ToString(),
                Everything)
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) => !PartialFile.IsName(entry.FileName),
            },
        ];
        names.Sort(ObjectKeys.Utf8Order);
        return names;
    }
}
