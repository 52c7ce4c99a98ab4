using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Samples;

/// <summary>The demo's own folder. What an earlier demo left in it goes; a folder of anybody else is left alone.</summary>
internal sealed class DemoFolder
{
    private const string Marker = ".pipeline-demo";

    private readonly string _root;

    private DemoFolder(string root) => _root = root;

    public string Images => Path.Combine(_root, "images");

    public string Dataset => Path.Combine(_root, "dataset");

    /// <exception cref="CommandException">The folder is somebody else's, or can't be written.</exception>
    public static DemoFolder Create(string root)
    {
        var folder = new DemoFolder(root);
        try
        {
            folder.Clear();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"--output: '{root}' can't be written ({e.Message}): choose another folder.");
        }
    }

    private void Clear()
    {
        var marker = Path.Combine(_root, Marker);
        if (Directory.Exists(_root) && !File.Exists(marker) && Directory.EnumerateFileSystemEntries(_root).Any())
        {
            throw CommandException.Usage($"--output: '{_root}' holds files that no demo made: choose an empty or a new folder.");
        }

        Directory.CreateDirectory(_root);
        File.WriteAllText(marker, "The next 'pipeline demo' here replaces images/ and dataset/.\n");
        foreach (var own in (string[])[Images, Dataset])
        {
            if (Directory.Exists(own))
            {
                Directory.Delete(own, recursive: true);
            }
        }
    }
}
