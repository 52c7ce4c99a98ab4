using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

public sealed class ObjectLocationTests
{
    [Theory]
    [InlineData("/data/images", "/data/images")]
    [InlineData("/data/images/", "/data/images")]
    [InlineData("/data//./x/../images", "/data/images")]
    [InlineData("/", "/")]
    [InlineData("/data/a b#c%20", "/data/a b#c%20")]
    [InlineData("file:///data/images/", "/data/images")]
    [InlineData("FILE:///data/images", "/data/images")]
    [InlineData("file://localhost/data", "/data")]
    [InlineData("file:///data/a%20b%23c", "/data/a b#c")]
    [InlineData("file:///data/a b", "/data/a b")]
    [InlineData("file:///data/../etc", "/etc")]
    [InlineData("s3://bucket", "s3://bucket")]
    [InlineData("s3://bucket/", "s3://bucket")]
    [InlineData("s3://bucket/some/Prefix/", "s3://bucket/some/Prefix")]
    [InlineData("S3://bucket/x", "s3://bucket/x")]
    public void Every_spelling_of_a_place_becomes_one(string text, string canonical)
    {
        Assert.Equal(canonical, ObjectLocation.Normalize(text));
        Assert.Equal(canonical, ObjectLocation.Normalize(canonical));
    }

    [Theory]
    [InlineData("photos", "not an absolute location")]
    [InlineData("./photos", "not an absolute location")]
    [InlineData("~/photos", "not an absolute location")]
    [InlineData("C:\\photos", "not an absolute location")]
    [InlineData("", "missing")]
    [InlineData("  ", "missing")]
    [InlineData("gs://bucket/x", "unknown scheme")]
    [InlineData("https://host/x", "unknown scheme")]
    [InlineData("file://server/share", "names the host 'server'")]
    [InlineData("file:///data/a#b", "write %3F or %23")]
    [InlineData("s3://", "names no bucket")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("s3://bucket/a/../b", "'..' segment")]
    [InlineData("/data/\0", "NUL")]
    public void What_is_no_place_is_refused_with_the_mend(string text, string said)
    {
        var fault = Assert.Throws<ObjectLocationException>(() => ObjectLocation.Parse(text));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Equal(text, fault.Location);
        Assert.False(ObjectLocation.TryParse(text, out _, out var detail));
        Assert.Equal(fault.Message, detail);
    }

    [Theory]
    [InlineData("/data", "/data/out", "out")]
    [InlineData("/data", "/data/a/b", "a/b")]
    [InlineData("/data", "/data", "")]
    [InlineData("/", "/data", "data")]
    [InlineData("/data", "/database", null)]
    [InlineData("/data/out", "/data", null)]
    [InlineData("/data", "s3://data/x", null)]
    [InlineData("s3://bucket", "s3://bucket/out", "out")]
    [InlineData("s3://bucket/in", "s3://bucket/in/out", "out")]
    [InlineData("s3://bucket/in", "s3://bucket/inside", null)]
    [InlineData("s3://bucket/in", "s3://other/in/out", null)]
    public void An_output_inside_a_source_is_recognised(string outer, string inner, string? key) =>
        Assert.Equal(key, ObjectLocation.Parse(outer).KeyOf(ObjectLocation.Parse(inner)));
}
