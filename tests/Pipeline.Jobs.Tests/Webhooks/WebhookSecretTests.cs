using Pipeline.Jobs.Webhooks;

namespace Pipeline.Jobs.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    /// <summary>The vector that the reference implementations of Standard Webhooks are tested with.</summary>
    [Fact]
    public void The_published_vector_is_signed_as_published() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSecret.Sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}"""));

    [Fact]
    public void Each_secret_gives_a_signature()
    {
        var (old, anew) = (WebhookSecret.Create(), WebhookSecret.Create());
        Assert.NotEqual(old, anew);
        Assert.Equal(
            $"{WebhookSecret.Sign([anew], "msg_1", 1, "{}")} {WebhookSecret.Sign([old], "msg_1", 1, "{}")}",
            WebhookSecret.Sign([anew, old], "msg_1", 1, "{}"));
    }

    /// <summary>Who plays an old request again can make it look neither young nor like another.</summary>
    [Fact]
    public void Time_id_and_body_are_all_signed()
    {
        var secret = WebhookSecret.Create();
        var signatures = ((string Id, long Time, string Body)[])[("msg_1", 1_772_366_400, "{}"), ("msg_1", 1_772_366_401, "{}"), ("msg_2", 1_772_366_400, "{}"), ("msg_1", 1_772_366_400, "{ }")];
        Assert.Equal(4, signatures.Select(sent => WebhookSecret.Sign([secret], sent.Id, sent.Time, sent.Body)).Distinct().Count());
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", false)]
    [InlineData("whsec_not base64", false)]
    [InlineData("whsec_", false)]
    public void A_secret_has_24_to_64_bytes(string secret, bool isValid) => Assert.Equal(isValid, WebhookSecret.IsValid(secret));

    [Fact]
    public void One_that_is_made_is_valid_and_one_that_is_too_long_is_not()
    {
        Assert.True(WebhookSecret.IsValid(WebhookSecret.Create()));
        Assert.True(WebhookSecret.IsValid($"whsec_{Convert.ToBase64String(new byte[64])}"));
        Assert.False(WebhookSecret.IsValid($"whsec_{Convert.ToBase64String(new byte[65])}"));
        Assert.False(WebhookSecret.IsValid($"whsec_{Convert.ToBase64String(new byte[900])}"));
    }
}
