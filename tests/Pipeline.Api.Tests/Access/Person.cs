using System.Net;
using System.Text.RegularExpressions;

namespace Pipeline.Api.Tests.Access;

/// <summary>Somebody who signed in on the page, with cookies.</summary>
internal sealed class Person : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly List<HttpClient> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public HttpStatusCode Answer { get; private set; }

    public static async Task<Person> SignInAsync(ApiHost host, string key, string page = "/signin")
    {
        var person = new Person();
        var client = person.At(host);
        var html = await client.GetStringAsync(new Uri(page, UriKind.Relative), Token);
        using var form = new FormUrlEncodedContent(
            Regex.Matches(html, "<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").Select(field => KeyValuePair.Create(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)))
                .Append(KeyValuePair.Create("key", key)));
        using var response = await client.PostAsync(new Uri("/signin", UriKind.Relative), form, Token);
        person.Answer = response.StatusCode;
        person.Location = response.Headers.Location?.ToString();
        return person;
    }

    public string? Location { get; private set; }

    /// <summary>Cookies of one port are sent to others of this machine.</summary>
    public HttpClient At(ApiHost host)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = host.Address };
        _clients.Add(client);
        return client;
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());
}
