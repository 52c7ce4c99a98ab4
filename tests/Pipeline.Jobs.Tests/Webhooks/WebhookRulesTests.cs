using Pipeline.Jobs.Webhooks;

namespace Pipeline.Jobs.Tests.Webhooks;

public sealed class WebhookRulesTests
{
    private static readonly WebhookOptions s_options = new() { AllowedHosts = { "inside.example", "10.1.2.3:8080" } };

    [Theory]
    [InlineData("https://hooks.example.com/a?token=1")]
    [InlineData("http://inside.example/a")]
    [InlineData("http://10.1.2.3:8080/")]
    [InlineData("https://8.8.8.8/")]
    public void Public_addresses_with_tls_are_taken_and_what_the_operator_allows(string url) => Assert.Null(WebhookRules.UrlFault(url, s_options));

    [Theory]
    [InlineData("hooks.example.com", "url is no address")]
    [InlineData("ftp://hooks.example.com/", "url is no address")]
    [InlineData("file:///etc/passwd", "url is no address")]
    [InlineData("http://hooks.example.com/a", "use https")]
    [InlineData("https://user:pass@hooks.example.com/", "a user or password in it")]
    [InlineData("https://127.0.0.1/", "no public address")]
    [InlineData("https://10.1.2.3/", "no public address")]
    [InlineData("https://2130706433/", "no public address")]
    [InlineData("https://0x7f.1/", "no public address")]
    [InlineData("https://[::1]/", "no public address")]
    [InlineData("https://[::ffff:169.254.169.254]/", "no public address")]
    public void Others_are_refused_in_words(string url, string said)
    {
        var fault = WebhookRules.UrlFault(url, s_options);
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_named_at_once_and_no_secret()
    {
        var faults = WebhookRules.Faults(new() { Url = "http://hooks.example.com/?key=hidden", Events = ["job.done"], Secret = "hunter2", Description = new('x', 300) }, isNew: true, s_options);
        Assert.Equal(4, faults.Count);
        Assert.Contains(faults, fault => fault.Contains("\"job.done\"", StringComparison.Ordinal) && fault.Contains("job.completed_with_errors", StringComparison.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains("hunter2", StringComparison.Ordinal) || fault.Contains("hidden", StringComparison.Ordinal));
        Assert.Equal(["url is missing: give the address that events are sent to."], WebhookRules.Faults(new(), isNew: true, s_options));
        Assert.Empty(WebhookRules.Faults(new(), isNew: false, s_options));
    }
}
