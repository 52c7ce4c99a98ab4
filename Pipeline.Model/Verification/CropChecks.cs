using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Model.Imaging;
using Pipeline.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>Decoding, resolution choice, every crop, and the floats they become.</summary>
internal static class CropChecks
{
    public static void Run(CheckList checks, ReferenceCase reference, ImageCrops crops, ReferenceTensors tensors)
    {
        var records = reference.Json.GetProperty("crops").EnumerateArray().ToList();
        checks.Exact("uint8 crops", records.Select(record => record.GetProperty("sha256_rgb_hwc_u8").GetString()), Hashes(crops));
        Geometry(checks, reference, crops, records);
        Normalised(checks, crops, records, tensors);
        StoredCrops(checks, reference, crops);
        if (reference.DecodedImagePath != reference.ImagePath)
        {
            using RgbImage ours = ImageDecoder.Decode(File.ReadAllBytes(reference.ImagePath), new ImageLimits());
            using RgbImage pillows = ImageDecoder.Decode(File.ReadAllBytes(reference.DecodedImagePath), new ImageLimits());
            checks.Close("JPEG decoding, grey levels", LargestDifference(pillows.Pixels, ours.Pixels), Tolerances.JpegLevels);
        }
    }

    public static int LargestDifference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.Length != actual.Length)
        {
            return int.MaxValue;
        }

        int largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        }

        return largest;
    }

    public static string Hash(ReadOnlySpan<byte> pixels) => Convert.ToHexStringLower(SHA256.HashData(pixels));

    private static ReadOnlySpan<byte> Crop(ImageCrops crops, int index)
    {
        int bytes = crops.Size * crops.Size * 3;
        return crops.Pixels.AsSpan(index * bytes, bytes);
    }

    private static IEnumerable<string> Hashes(ImageCrops crops) => Enumerable.Range(0, crops.Count).Select(crop => Hash(Crop(crops, crop)));

    private static void Geometry(CheckList checks, ReferenceCase reference, ImageCrops crops, List<JsonElement> records)
    {
        JsonElement size = reference.Json.GetProperty("image_size_wh");
        checks.Exact("image size", ReferenceCase.Integers(size), [crops.Image.Width, crops.Image.Height]);
        var plan = CropPlanner.Plan(crops.Count == 29 ? Configuration.DragonflyVersion.V1 : Configuration.DragonflyVersion.V2, crops.Image.Width, crops.Image.Height, crops.Size);
        checks.Exact("middle resolution", ReferenceCase.Integers(reference.Json.GetProperty("middle_resolution_wh")), [plan[1].Width, plan[1].Height]);
        checks.Exact("high resolution", ReferenceCase.Integers(reference.Json.GetProperty("high_resolution_wh")), [plan[2].Width, plan[2].Height]);
        var boxes = plan.SelectMany(grid => Enumerable.Range(0, grid.Count).Select(crop =>
        {
            var (left, top) = grid.Corner(crop);
            return $"{grid.Width}×{grid.Height} {left},{top},{left + grid.CropSize},{top + grid.CropSize}";
        }));
        var expected = records.Select(record =>
            $"{string.Join('×', ReferenceCase.Integers(record.GetProperty("resized_to_wh")))} {string.Join(',', ReferenceCase.Integers(record.GetProperty("box_xyxy")))}");
        checks.Exact("crop boxes", expected, boxes);
    }

    private static void Normalised(CheckList checks, ImageCrops crops, List<JsonElement> records, ReferenceTensors tensors)
    {
        Tensor pixels = tensor(crops.Pixels, [crops.Count, crops.Size, crops.Size, 3], ScalarType.Byte);
        List<double> expected = [], actual = [], expectedStatistics = [], actualStatistics = [];
        foreach (JsonElement record in records)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor crop = PixelNormalization.Apply(pixels[record.GetProperty("index").GetInt32()]);
            var places = record.GetProperty("samples_yx_u8").EnumerateArray().Zip(record.GetProperty("samples_norm").EnumerateArray());
            foreach (var (place, values) in places)
            {
                int[] at = ReferenceCase.Integers(place);
                expected.AddRange(ReferenceCase.Numbers(values));
                actual.AddRange(crop[at[0], at[1]].data<float>().ToArray().Select(value => (double)value));
            }

            Tensor wide = crop.to(ScalarType.Float64).view(-1, 3);
            expectedStatistics.AddRange([.. ReferenceCase.Numbers(record.GetProperty("mean")), .. ReferenceCase.Numbers(record.GetProperty("std"))]);
            actualStatistics.AddRange([.. wide.mean([0]).data<double>().ToArray(), .. wide.std([0], unbiased: false).data<double>().ToArray()]);
        }

        checks.CloseNumbers("normalised pixels", expected, actual, Tolerances.NormalizedPixels);
        checks.CloseNumbers("crop mean and std", expectedStatistics, actualStatistics, Tolerances.CropStatistics);
        if (tensors.Has("pixel_values_crop_3_stride2"))
        {
            Tensor strided = PixelNormalization.Apply(pixels[3]).permute(2, 0, 1)[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)];
            checks.Close("pixel_values, crop 3", tensors["pixel_values_crop_3_stride2"], strided, Tolerances.NormalizedPixels);
        }
    }

    private static void StoredCrops(CheckList checks, ReferenceCase reference, ImageCrops crops)
    {
        string folder = Path.Combine(Path.GetDirectoryName(reference.TensorFolder)!, "crops");
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, $"{reference.Name}_crop*.png") : [])
        {
            string number = Path.GetFileNameWithoutExtension(file)[(reference.Name.Length + "_crop".Length)..];
            using RgbImage stored = ImageDecoder.Decode(File.ReadAllBytes(file), new ImageLimits());
            checks.Close($"crop {number} as PNG", LargestDifference(stored.Pixels, Crop(crops, int.Parse(number))), 0);
        }
    }
}
