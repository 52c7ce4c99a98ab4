using System.IO.Compression;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Zips entries as torch.save does: stored, below one folder.</summary>
internal sealed class TorchArchiveBuilder
{
    public List<(string Name, byte[] Content, CompressionLevel Level)> Entries { get; } = [];

    public TorchArchiveBuilder Add(string name, ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.NoCompression)
    {
        Entries.Add(("archive/" + name, content.ToArray(), level));
        return this;
    }

    public TorchArchiveBuilder Replace(string name, ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.NoCompression)
    {
        Entries.RemoveAll(entry => entry.Name == "archive/" + name);
        return Add(name, content, level);
    }

    public byte[] Build()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, level) in Entries)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return file.ToArray();
    }
}
