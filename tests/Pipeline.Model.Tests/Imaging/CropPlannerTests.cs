using FsCheck;
using FsCheck.Fluent;
using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Tests.Golden;

namespace Pipeline.Model.Tests.Imaging;

public sealed class CropPlannerTests
{
    [Fact]
    public void Every_reference_choice_of_resolution_is_met()
    {
        var rows = Pixels.ReadJson("preprocess", "resolution_choice.json").GetProperty("rows").EnumerateArray().ToList();
        Assert.True(rows.Count > 300, $"only {rows.Count} rows");
        foreach (var row in rows)
        {
            var (width, height, size) = (row[0].GetInt32(), row[1].GetInt32(), row[2].GetInt32());
            var v1 = CropPlanner.Plan(DragonflyVersion.V1, width, height, size);
            var v2 = CropPlanner.Plan(DragonflyVersion.V2, width, height, size);
            Assert.Equal((width, height, Pair(row[3])), (width, height, (v1[1].Width, v1[1].Height)));
            Assert.Equal((width, height, Pair(row[3])), (width, height, (v2[1].Width, v2[1].Height)));
            Assert.Equal((width, height, Pair(row[4])), (width, height, (v2[2].Width, v2[2].Height)));
            Assert.Equal((width, height, Pair(row[5])), (width, height, (v1[2].Width, v1[2].Height)));
        }

        static (int, int) Pair(System.Text.Json.JsonElement pair) => (pair[0].GetInt32(), pair[1].GetInt32());
    }

    [Theory]
    [InlineData("v1", 224)]
    [InlineData("v2", 336)]
    public void Levels_and_boxes_are_the_references(string version, int size)
    {
        var kind = version == "v1" ? DragonflyVersion.V1 : DragonflyVersion.V2;
        foreach (var name in version == "v1" ? GoldenCases.V1Names : GoldenCases.V2Names)
        {
            var golden = Pixels.ReadJson(version, "cases", $"{name}.json");
            var image = golden.GetProperty("image_size_wh");
            var expected = golden.GetProperty("crops").EnumerateArray().Select(crop =>
                $"{crop.GetProperty("level").GetString()} {Numbers(crop.GetProperty("resized_to_wh"))} {Numbers(crop.GetProperty("box_xyxy"))}");
            Assert.Equal(expected, CropPlanner.Plan(kind, image[0].GetInt32(), image[1].GetInt32(), size).SelectMany(Describe));
        }

        static string Numbers(System.Text.Json.JsonElement numbers) => string.Join(',', numbers.EnumerateArray());
    }

    [Fact]
    public void Any_image_is_cut_into_crops_that_fill_their_level_once() =>
        Prop.ForAll(Sizes(), image =>
        {
            foreach (var (version, highs) in new[] { (DragonflyVersion.V1, 24), (DragonflyVersion.V2, 36) })
            {
                var plan = CropPlanner.Plan(version, image.Width, image.Height, image.CropSize);
                Assert.Equal([CropLevel.Low, CropLevel.Middle, CropLevel.High], plan.Select(grid => grid.Level));
                Assert.Equal([1, 4, highs], plan.Select(grid => grid.Count));
                foreach (var grid in plan)
                {
                    var corners = Enumerable.Range(0, grid.Count).Select(grid.Corner).ToList();
                    Assert.Equal(grid.Count, corners.Distinct().Count());
                    Assert.All(corners, corner =>
                    {
                        Assert.InRange(corner.Left, 0, grid.Width - image.CropSize);
                        Assert.InRange(corner.Top, 0, grid.Height - image.CropSize);
                        Assert.Equal((0, 0), (corner.Left % image.CropSize, corner.Top % image.CropSize));
                    });
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Turning_an_image_by_a_quarter_turns_its_plan_unless_options_tie() =>
        Prop.ForAll(Sizes(), image =>
        {
            // With no shrinking anywhere all options tie, and the reference takes the first whatever the shape.
            var (width, height) = (image.Width * 50, image.Height * 50);
            var plan = CropPlanner.Plan(DragonflyVersion.V2, width, height, image.CropSize);
            var turned = CropPlanner.Plan(DragonflyVersion.V2, height, width, image.CropSize);
            Assert.Equal((plan[1].Columns, plan[1].Rows), (turned[1].Rows, turned[1].Columns));
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<(int Width, int Height, int CropSize)> Sizes() =>
        (from width in Gen.Choose(1, 5_000)
         from height in Gen.Choose(1, 5_000)
         from cropSize in Gen.Elements(14, 32, 224, 336)
         select (width, height, cropSize)).ToArbitrary();

    private static IEnumerable<string> Describe(CropGrid grid)
    {
        var level = grid.Level switch { CropLevel.Low => "low", CropLevel.Middle => "mid", _ => "high" };
        return Enumerable.Range(0, grid.Count).Select(grid.Corner).Select(corner =>
            $"{level} {grid.Width},{grid.Height} {corner.Left},{corner.Top},{corner.Left + grid.CropSize},{corner.Top + grid.CropSize}");
    }
}
