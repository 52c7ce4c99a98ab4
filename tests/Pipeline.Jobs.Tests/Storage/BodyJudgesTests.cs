using System.Text;
using Amazon.S3.Model;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>The rules by which a body is found slow or damaged, by known values.</summary>
public sealed class BodyJudgesTests
{
    private const string Digits = "123456789";

    [Theory]
    [InlineData("CRC64NVME", "rosUhgp5mIg=")]
    [InlineData("CRC32C", "4waSgw==")]
    [InlineData("CRC32", "y/Q5Jg==")]
    [InlineData("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=")]
    public void Every_checksum_of_s3_fits_its_content_and_no_other(string name, string value)
    {
        var response = new GetObjectResponse { ETag = "\"ignored\"" };
        typeof(GetObjectResponse).GetProperty($"Checksum{name}")!.SetValue(response, value);

        Assert.Null(Judge(response, Digits));
        Assert.Contains($"its {name} is", Judge(response, "123456780"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_of_parts_and_tags_of_parts_say_nothing()
    {
        Assert.Null(BodySum.Of(new GetObjectResponse { ChecksumSHA256 = "x-2", ChecksumType = Amazon.S3.ChecksumType.COMPOSITE }, new ETagMeaning()));
        Assert.Null(BodySum.Of(new GetObjectResponse { ETag = "\"25f9e794323b453885f5181f1b624d0b-2\"" }, new ETagMeaning()));
    }

    [Fact]
    public void A_tag_that_fits_once_makes_every_other_difference_damage()
    {
        var meaning = new ETagMeaning();
        Assert.False(meaning.Refutes("a", "a"));

        Assert.True(meaning.Refutes("b", "x"));
        Assert.True(meaning.Refutes("b", "x"));
    }

    [Fact]
    public void Tags_that_differ_twice_in_the_same_way_are_no_sums_until_one_fits()
    {
        var meaning = new ETagMeaning();
        Assert.True(meaning.Refutes("a", "x"));
        Assert.True(meaning.Refutes("b", "y"));

        Assert.False(meaning.Refutes("a", "x"));
        Assert.False(meaning.Refutes("c", "z"));
        Assert.False(meaning.Refutes("d", "d"));
        Assert.True(meaning.Refutes("a", "x"));
    }

    [Fact]
    public void A_download_at_the_minimum_rate_is_never_too_slow_and_one_below_it_ends()
    {
        var steady = new BodyPace(TimeSpan.FromSeconds(30), 1_000);
        var slow = new BodyPace(TimeSpan.FromSeconds(30), 1_000);
        for (var second = 0; second < 3_600; second++)
        {
            steady.Add(TimeSpan.FromSeconds(1), 1_000);
            slow.Add(TimeSpan.FromSeconds(1), 900);
        }

        Assert.Equal(TimeSpan.FromSeconds(30), steady.Left);
        Assert.Equal(TimeSpan.Zero, slow.Left);
    }

    [Fact]
    public void Gigabytes_earn_no_more_patience_than_there_was()
    {
        var pace = new BodyPace(TimeSpan.FromSeconds(30), 1_000);

        pace.Add(TimeSpan.FromSeconds(1), int.MaxValue);

        Assert.Equal(TimeSpan.FromSeconds(30), pace.Left);
    }

    private static string? Judge(GetObjectResponse response, string content)
    {
        using var sum = BodySum.Of(response, new ETagMeaning())!;
        var bytes = Encoding.ASCII.GetBytes(content);
        sum.Append(bytes.AsSpan(0, 2));
        sum.Append(bytes.AsSpan(2));
        return sum.Differs();
    }
}
