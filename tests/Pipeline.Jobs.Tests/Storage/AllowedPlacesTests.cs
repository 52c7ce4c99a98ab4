using Microsoft.Extensions.Configuration;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>Nothing that a job, a manifest or a link names gets out of the folders that are allowed.</summary>
public sealed class AllowedPlacesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public AllowedPlacesTests()
    {
        Directory.CreateDirectory(folder.In("data", "in"));
        Directory.CreateDirectory(folder.In("secrets"));
        File.WriteAllText(folder.In("data", "in", "a.jpg"), "a");
        File.WriteAllText(folder.In("secrets", "key.jpg"), "secret");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("data", true)]
    [InlineData("data/in", true)]
    [InlineData("data/new/out", true)]
    [InlineData("data/../data/in", true)]
    [InlineData("database", false)]
    [InlineData("secrets", false)]
    [InlineData("data/../secrets", false)]
    [InlineData("data/%2e%2e/secrets", true)]
    public void A_folder_is_opened_only_inside_the_allowed_ones(string place, bool isAllowed)
    {
        using var stores = Open();
        if (isAllowed)
        {
            stores.Open(folder.In(place));
            return;
        }

        var error = Assert.Throws<ObjectStoreException>(() => stores.Open(folder.In(place)));
        Assert.Equal(ObjectStoreFault.AccessDenied, error.Fault);
        Assert.Contains("Places:Local", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data/../secrets")]
    [InlineData("/data/%2e%2e/secrets")]
    [InlineData("/data/%2E%2E%2Fsecrets")]
    [InlineData("/data/..%2fsecrets")]
    public void A_uri_is_judged_by_where_it_leads(string path)
    {
        using var stores = Open();

        Assert.Throws<ObjectStoreException>(() => stores.Open($"file://{folder.Path}{path}"));
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_neither_read_nor_written_through_nor_looked_into()
    {
        File.CreateSymbolicLink(folder.In("data", "in", "link.jpg"), folder.In("secrets", "key.jpg"));
        Directory.CreateSymbolicLink(folder.In("data", "in", "more"), folder.In("secrets"));
        File.CreateSymbolicLink(folder.In("data", "in", "own.jpg"), folder.In("data", "in", "a.jpg"));
        using var stores = Open();
        var store = stores.Open(folder.In("data", "in"));

        var listed = await store.ListAsync("", Stop).ToListAsync(Stop);

        Assert.Equal([("a.jpg", 1), ("link.jpg", 0), ("own.jpg", 1)], listed.Select(found => (found.Key, found.Bytes)));
        await Denied(() => store.OpenReadAsync("link.jpg", Stop));
        await Denied(() => store.OpenReadAsync("more/key.jpg", Stop));
        await Denied(() => store.FindAsync("link.jpg", Stop));
        await Denied(() => store.PutAsync("more/new.txt", new MemoryStream([1]), Stop));
        await Denied(() => store.PutAsync("more/deep/new.txt", new MemoryStream([1]), Stop));
        await Denied(() => store.DeleteAsync("more/key.jpg", Stop));
        Assert.Equal(["key.jpg"], Directory.EnumerateFileSystemEntries(folder.In("secrets")).Select(Path.GetFileName));
        await using var own = await store.OpenReadAsync("own.jpg", Stop);
        Assert.Equal('a', own.ReadByte());
    }

    [Fact]
    public async Task A_manifest_names_no_file_outside()
    {
        await File.WriteAllTextAsync(folder.In("data", "in", "list.csv"), $"image\na.jpg\n{folder.In("secrets", "key.jpg")}\n../../secrets/key.jpg\nhttp://169.254.169.254/latest\n", Stop);
        using var stores = Open();
        var spec = new JobSpec { Source = folder.In("data", "in", "list.csv"), Output = folder.In("data", "out"), Model = "/model", Caption = "Describe" };

        var rows = await new Pipeline.Jobs.Sources.PlannedRows(stores, spec).ListAsync(Stop).ToListAsync(Stop);

        Assert.Null(rows[0].Fault);
        Assert.Contains("Places:Local", rows[1].Fault, StringComparison.Ordinal);
        Assert.Contains("leads out of", rows[2].Fault, StringComparison.Ordinal);
        Assert.Contains("unknown scheme", rows[3].Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_place_of_a_spec_is_judged_and_the_disk_is_not_looked_at_for_it()
    {
        using var stores = Open();
        var outside = folder.In("secrets");
        var spec = new JobSpec
        {
            Source = folder.In("data", "in"),
            Output = outside,
            Model = outside,
            Reuse = [$"{outside}/earlier"],
            Input = new InputSpec { Format = SourceFormat.Csv, Base = outside },
            Caption = "Describe",
        };

        var faults = await new JobSpecValidator(stores).ValidateAsync(spec, Stop);
        var ofSource = await new JobSpecValidator(stores).ValidateAsync(spec with { Source = outside }, Stop);
        var ofNothing = await new JobSpecValidator(stores).ValidateAsync(spec with { Source = folder.In("nothing") }, Stop);

        Assert.All(
            ["/output", "/model", "/reuse/0", "/input/base"],
            pointer => Assert.Contains(faults, fault => fault.Pointer == pointer && fault.Detail.Contains("on this server", StringComparison.Ordinal)));
        Assert.Equal(
            Assert.Single(ofSource, fault => fault.Pointer == "/source").Detail.Replace(outside, "", StringComparison.Ordinal),
            Assert.Single(ofNothing, fault => fault.Pointer == "/source").Detail.Replace(folder.In("nothing"), "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    [InlineData("none", false, false)]
    [InlineData("", false, false)]
    [InlineData("*", true, true)]
    [InlineData("/data; /more/", true, true)]
    [InlineData("/other", false, false)]
    public void What_is_not_said_is_all_for_this_machine_alone_and_nothing_for_others(string? setting, bool isExposed, bool isAllowed)
    {
        var settings = new Dictionary<string, string?>();
        if (setting is not null)
        {
            (settings["Places:Local"], settings["Places:Models"]) = (setting, setting);
        }

        var places = AllowedPlaces.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isExposed);

        Assert.Equal(isAllowed, places.FaultOf(ObjectLocation.Parse("/data/in")) is null);
        Assert.Equal(isAllowed, places.FaultOfModel("/data/in") is null);
        Assert.Null(places.FaultOf(ObjectLocation.Parse("s3://bucket/x")));
    }

    [Fact]
    public void A_folder_that_is_not_absolute_is_named()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Places:Local"] = "/data;images" }).Build();

        Assert.Contains("'images'", Assert.Throws<FormatException>(() => AllowedPlaces.From(settings, isExposed: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public async Task A_device_is_no_file(string path)
    {
        using var stores = new ObjectStores(new S3Options(), TimeProvider.System);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => stores.Open("/dev").OpenReadAsync(Path.GetFileName(path), Stop));

        Assert.Contains("device", error.Message, StringComparison.Ordinal);
    }

    private ObjectStores Open() => new(
        new S3Options(),
        TimeProvider.System,
        places: AllowedPlaces.From(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Places:Local"] = folder.In("data"), ["Places:Models"] = folder.In("data") }).Build(), isExposed: true));

    private static async Task Denied(Func<Task> action) =>
        Assert.Equal(ObjectStoreFault.AccessDenied, (await Assert.ThrowsAsync<ObjectStoreException>(action)).Fault);
}
