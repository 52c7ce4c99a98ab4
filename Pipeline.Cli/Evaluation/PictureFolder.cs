using System.Security.Cryptography;
using NetVips;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Evaluation;

/// <summary>Images that data files hold, as files called by their content: an image that many questions are about is there once, and a second run finds all of them.</summary>
internal sealed class PictureFolder(string folder)
{
    private const int Gap = 8;

    /// <returns>The file's absolute path.</returns>
    /// <exception cref="CommandException">It can't be written.</exception>
    public string Keep(ReadOnlySpan<byte> bytes)
    {
        var path = Path.GetFullPath(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        if (!File.Exists(path))
        {
            ReportFolder.Create("--output", folder);
            ReportFolder.WriteBytes("--output", path, bytes.ToArray());
        }

        return path;
    }

    /// <summary>Several images of one question side by side, as high as the highest: a row is asked about one image.</summary>
    /// <param name="paths">Files, in order.</param>
    /// <returns>The file's absolute path; of the first that is no image where there is one, whose row then fails.</returns>
    public string Join(IReadOnlyList<string> paths)
    {
        List<Image> images = [];
        try
        {
            foreach (var path in paths)
            {
                if (Open(path) is not { } image)
                {
                    return path;
                }

                images.Add(image);
            }

            using var joined = Image.Arrayjoin([.. images], across: images.Count, shim: Gap, background: [255, 255, 255], valign: Enums.Align.Centre);
            return Keep(joined.PngsaveBuffer());
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }
    }

    private static Image? Open(string path)
    {
        try
        {
            using var image = Image.NewFromFile(path);
            using var flat = image.HasAlpha() ? image.Flatten(background: [255, 255, 255]) : image.Copy();
            using var colours = flat.Colourspace(Enums.Interpretation.Srgb);
            return colours.CopyMemory();
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
