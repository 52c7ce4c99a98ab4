using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>Nothing that a tenant's job, manifest or plan names gets out of the places that the tenant may use.</summary>
public sealed class TenantPlacesTests : IDisposable
{
    private readonly ObjectStores _stores = new(new S3Options { Endpoint = new Uri("http://127.0.0.1:9"), AccessKey = "a", SecretKey = "b" }, TimeProvider.System);

    public void Dispose() => _stores.Dispose();

    [Theory]
    [InlineData("s3://pictures/labels/a.jpg", true)]
    [InlineData("s3://pictures/labels/deep/a.jpg", true)]
    [InlineData("s3://pictures/labels/a//b.jpg", true)]
    [InlineData("s3://pictures/list.csv", true)]
    [InlineData("s3://pictures/list.csv.jpg", false)]
    [InlineData("s3://pictures/labels-of-others/a.jpg", false)]
    [InlineData("s3://pictures/a.jpg", false)]
    [InlineData("s3://pictures//labels/a.jpg", false)]
    [InlineData("s3://pictures/Labels/a.jpg", false)]
    [InlineData("s3://pictures-of-others/labels/a.jpg", false)]
    [InlineData("file:///etc/passwd", false)]
    public void An_object_is_opened_only_where_it_lies_in_one_of_them(string uri, bool isAllowed)
    {
        var limited = _stores.LimitedTo(["s3://pictures/labels/", "s3://pictures/list.csv"]);
        if (isAllowed)
        {
            Assert.Equal(uri[("s3://pictures/".Length)..], ObjectUri.Open(limited, uri).Key);
            return;
        }

        var error = Assert.Throws<ObjectStoreException>(() => ObjectUri.Open(limited, uri));
        Assert.Equal(ObjectStoreFault.AccessDenied, error.Fault);
        Assert.Contains("tenant", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://others/a.jpg")]
    [InlineData("s3://pictures/../others/a.jpg")]
    [InlineData("s3://pictures//labels/a.jpg")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    public void A_manifest_names_no_image_of_others(string image)
    {
        var limited = _stores.LimitedTo(["s3://pictures/labels"]);
        var spec = new JobSpec { Source = "s3://pictures/labels/list.csv", Output = "s3://pictures/labels/out", Model = "/model", Caption = "Describe" };
        var folder = limited.Open("s3://pictures/labels");
        var planned = new RowJudge(spec, new RowNames(spec), folder, folder, limited.Places)
            .Judge(new SourceRow { File = "list.csv", Where = "line 2", Columns = new Dictionary<string, string?> { ["image"] = image } });
        Assert.NotNull(planned.Fault);
    }

    [Fact]
    public void Beside_a_manifest_that_is_all_that_may_be_read_nothing_is()
    {
        var limited = _stores.LimitedTo(["s3://pictures/labels/list.csv"]);
        var spec = new JobSpec { Source = "s3://pictures/labels/list.csv", Output = "s3://pictures/out", Model = "/model", Caption = "Describe" };
        var around = ObjectUri.Open(limited, spec.Source).Store;
        var planned = new RowJudge(spec, new RowNames(spec), around, around, limited.Places)
            .Judge(new SourceRow { File = "list.csv", Where = "line 2", Columns = new Dictionary<string, string?> { ["image"] = "secret.jpg" } });
        Assert.Contains("tenant", planned.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_out_of_them_is_not_followed()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("own"));
        Directory.CreateDirectory(folder.In("others"));
        File.WriteAllText(folder.In("others", "key.jpg"), "secret");
        File.CreateSymbolicLink(folder.In("own", "link.jpg"), folder.In("others", "key.jpg"));

        var store = _stores.LimitedTo([folder.In("own")]).Open(folder.In("own"));

        await Assert.ThrowsAsync<ObjectStoreException>(() => store.OpenReadAsync("link.jpg", TestContext.Current.CancellationToken));
        await using var all = await _stores.Open(folder.In("own")).OpenReadAsync("link.jpg", TestContext.Current.CancellationToken);
        Assert.Equal('s', all.ReadByte());
    }
}
