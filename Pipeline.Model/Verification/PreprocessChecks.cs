using System.Text.Json;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Vision;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Pillow's resize and colour modes, CLIP's normalisation, and the choice of resolutions.</summary>
internal static class PreprocessChecks
{
    public static IEnumerable<CheckResult> Run(string folder)
    {
        (string File, Action<CheckList, JsonElement, string> Check)[] parts =
        [
            ("resize", Resize), ("modes", Modes), ("clip_normalised", Normalised), ("resolution_choice", ResolutionChoice),
        ];
        foreach (var (file, check) in parts.Where(part => File.Exists(Path.Combine(folder, part.File + ".json"))))
        {
            var checks = new CheckList($"preprocess/{file}");
            checks.Run(file, () => check(checks, ReferenceCase.ReadJson(Path.Combine(folder, file + ".json")), folder));
            foreach (CheckResult result in checks.Results)
            {
                yield return result;
            }
        }
    }

    /// <summary>Every source image of the cases decodes to Pillow's pixels.</summary>
    public static IReadOnlyList<CheckResult> Images(string folder)
    {
        var checks = new CheckList("images");
        foreach (JsonProperty image in ReferenceCase.ReadJson(Path.Combine(folder, "images.json")).EnumerateObject())
        {
            checks.Run(image.Name, () =>
            {
                string path = Path.Combine(folder, image.Name), decoded = Path.ChangeExtension(path, null) + ".decoded.png";
                using RgbImage rgb = Decode(File.Exists(decoded) ? decoded : path);
                checks.Exact(image.Name, [image.Value.GetProperty("rgb_sha256").GetString()], [CropChecks.Hash(rgb.Pixels)]);
            });
        }

        return checks.Results;
    }

    private static void Resize(CheckList checks, JsonElement json, string folder)
    {
        foreach (JsonElement item in json.GetProperty("items").EnumerateArray())
        {
            int[] target = ReferenceCase.Integers(item.GetProperty("target_wh"));
            string source = item.GetProperty("src").GetString()!, name = $"{Path.GetFileNameWithoutExtension(source)} → {target[0]}×{target[1]}";
            checks.Run(name, () =>
            {
                using RgbImage image = Decode(Path.Combine(folder, source));
                byte[] resized = Stretch(image, target[0], target[1]);
                checks.Exact(name, [item.GetProperty("sha256_rgb_hwc_u8").GetString()], [CropChecks.Hash(resized)]);
            });
        }
    }

    private static void Modes(CheckList checks, JsonElement json, string folder)
    {
        foreach (JsonProperty mode in json.EnumerateObject())
        {
            checks.Run(mode.Name, () =>
            {
                string file = mode.Value.GetProperty("file").GetString()!;
                using RgbImage ours = Decode(Path.Combine(folder, file)), pillows = Decode(Path.Combine(folder, mode.Value.GetProperty("rgb").GetString()!));
                if (mode.Value.GetProperty("pil_mode_on_open").GetString() is "I" or "I;16")
                {
                    // Pillow 9.4 clips 16 bits at 255, which leaves a white picture; the golden data declares it out of scope.
                    checks.Exact($"{mode.Name}, size", [pillows.Facts.Width, pillows.Facts.Height], [ours.Facts.Width, ours.Facts.Height]);
                    return;
                }

                bool lossy = Path.GetExtension(file) is ".jpg" or ".jpeg";
                checks.Close($"{mode.Name}, grey levels", CropChecks.LargestDifference(pillows.Pixels, ours.Pixels), lossy ? Tolerances.JpegLevels : 0);
            });
        }
    }

    private static void Normalised(CheckList checks, JsonElement json, string folder)
    {
        using var tensors = new ReferenceTensors(Path.Combine(folder, "clip_normalised.safetensors"));
        Tensor levels = arange(0, 256, ScalarType.Int64).to(ScalarType.Byte).view(256, 1).expand(256, 3);
        checks.Close("lut_256", tensors["lut_256"], PixelNormalization.Apply(levels).t(), Tolerances.PixelLevels);
        foreach (JsonProperty item in json.GetProperty("items").EnumerateObject())
        {
            checks.Run(item.Name, () =>
            {
                using RgbImage image = Decode(Path.Combine(folder, item.Value.GetProperty("src").GetString()!));
                int size = int.Parse(item.Name[(item.Name.LastIndexOf('_') + 1)..]), stride = item.Value.GetProperty("stride").GetInt32();
                Tensor pixels = PixelNormalization.Apply(tensor(ShortestEdgeAndCentre(image, size), [size, size, 3], ScalarType.Byte)).permute(2, 0, 1);
                checks.CloseNumbers($"{item.Name}, mean", ReferenceCase.Numbers(item.Value.GetProperty("mean")), (double[])pixels.to(ScalarType.Float64).mean([1, 2]).data<double>().ToArray(), Tolerances.CropStatistics);
                Tensor strided = pixels[TensorIndex.Ellipsis, TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)];
                checks.Close(item.Name, tensors[item.Name], strided, Tolerances.NormalizedPixels);
            });
        }
    }

    private static void ResolutionChoice(CheckList checks, JsonElement json, string folder)
    {
        List<string> expected = [], actual = [];
        foreach (JsonElement[] row in json.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().ToArray()))
        {
            int width = row[0].GetInt32(), height = row[1].GetInt32(), edge = row[2].GetInt32();
            var v1 = CropPlanner.Plan(DragonflyVersion.V1, width, height, edge);
            var v2 = CropPlanner.Plan(DragonflyVersion.V2, width, height, edge);
            (JsonElement Reference, CropGrid Ours)[] choices = [(row[3], v2[1]), (row[4], v2[2]), (row[5], v1[2])];

            // null: the reference finds no option and would crash.
            foreach (var (reference, ours) in choices.Where(choice => choice.Reference.ValueKind == JsonValueKind.Array))
            {
                expected.Add($"{width}×{height} at {edge}: {string.Join('×', ReferenceCase.Integers(reference))}");
                actual.Add($"{width}×{height} at {edge}: {ours.Width}×{ours.Height}");
            }
        }

        checks.Exact($"{expected.Count} choices", expected, actual);
    }

    /// <summary>CLIPImageProcessor's general path, which Dragonfly's square crops never need: shortest edge, then the centre.</summary>
    private static byte[] ShortestEdgeAndCentre(RgbImage image, int size)
    {
        int width = image.Facts.Width, height = image.Facts.Height, shorter = Math.Min(width, height), longer = Math.Max(width, height);
        int stretched = (int)((long)size * longer / shorter);
        var (newWidth, newHeight) = width <= height ? (size, stretched) : (stretched, size);
        byte[] resized = Stretch(image, newWidth, newHeight);
        int left = (newWidth - size) / 2, top = (newHeight - size) / 2;
        return [.. Enumerable.Range(top, size).SelectMany(y => resized.Skip(((y * newWidth) + left) * 3).Take(size * 3))];
    }

    private static byte[] Stretch(RgbImage image, int width, int height)
    {
        byte[] output = new byte[width * height * 3];
        PillowResizer.Resize(image.Pixels, image.Facts.Width, image.Facts.Height, new ResizeTarget(width, height, width, height), output);
        return output;
    }

    private static RgbImage Decode(string file) => ImageDecoder.Decode(File.ReadAllBytes(file), new ImageLimits());
}
