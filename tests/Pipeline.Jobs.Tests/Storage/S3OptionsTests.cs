using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

public sealed class S3OptionsTests
{
    [Fact]
    public void Settings_are_read_from_the_section_S3()
    {
        var options = Read(
            ("S3:Endpoint", "http://127.0.0.1:9000"), ("S3:Region", "eu-west-1"), ("S3:AccessKey", "key"), ("S3:SecretKey", "secret"), ("S3:ForcePathStyle", "false"));

        Assert.Equal(new Uri("http://127.0.0.1:9000"), options.Endpoint);
        Assert.Equal(("eu-west-1", "key", "secret", false), (options.Region, options.AccessKey, options.SecretKey, options.ForcePathStyle));
    }

    [Fact]
    public void No_setting_leaves_all_to_the_usual_chain()
    {
        var options = Read();

        Assert.Null(options.Endpoint);
        Assert.Null(options.AccessKey);
        Assert.Null(options.ForcePathStyle);
    }

    [Theory]
    [InlineData("S3:Endpoint", "minio:9000", "S3:Endpoint is 'minio:9000'")]
    [InlineData("S3:Endpoint", "ftp://host", "S3:Endpoint is 'ftp://host'")]
    [InlineData("S3:ForcePathStyle", "maybe", "S3:ForcePathStyle is 'maybe'")]
    [InlineData("S3:SecretKey", "hush", "only one is set")]
    [InlineData("S3:AccessKey", "key", "only one is set")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string said)
    {
        var fault = Assert.Throws<FormatException>(() => Read((key, value)));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", fault.Message, StringComparison.Ordinal);
    }

    private static S3Options Read(params (string Key, string Value)[] settings) => S3Options.From(new ConfigurationRoot(
    [
        new MemoryConfigurationProvider(new MemoryConfigurationSource
        {
            InitialData = settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        }),
    ]));
}
