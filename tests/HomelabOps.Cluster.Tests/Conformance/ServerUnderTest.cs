using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>An API server that the checks run against, as plain HTTP. The first check opens it, so that those of a lab that is not there are skipped.</summary>
public abstract class ServerUnderTest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Stack<string> _toDelete = new();
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);
    private HttpClient? _http;
    private string? _namespace;
    private int? _minor;

    /// <summary>Where the API begins, without a slash at the end.</summary>
    protected abstract string Root { get; }

    /// <summary>A namespace that all checks of a class share.</summary>
    internal string Namespace => _namespace ??= NewNamespace();

    /// <summary>The server's version is 1 with this behind the dot.</summary>
    internal int Minor => _minor ??= int.Parse(Call(new(HttpMethod.Get, "/version")).Ok()["minor"]!, CultureInfo.InvariantCulture);

    private HttpClient Http => _http ?? throw new InvalidOperationException("The server has not been opened.");

    /// <summary>Connects; must be called within a check, which it may skip.</summary>
    internal void Open() => _http ??= Connect();

    /// <summary>Sends a request whatever comes of it.</summary>
    internal ApiAnswer Call(ApiRequest request)
    {
        using var message = Message(request);
        using var response = Http.Send(message);
        return Answer($"{request.Method} {request.Path}", response);
    }

    /// <summary>Opens a watch.</summary>
    internal ApiWatch Watch(ApiRequest request)
    {
        using var message = Message(request);
        return new(Http.Send(message, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>Opens an answer that may have no end yet. The caller disposes of it.</summary>
    internal StreamReader Follow(string path)
    {
        using var message = Message(new(HttpMethod.Get, path));
        var response = Http.Send(message, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(response.Content.ReadAsStream(), Encoding.UTF8);
    }

    /// <summary>Asks for a WebSocket that speaks one of these protocols.</summary>
    /// <returns>The socket, or what the server answers that refuses it.</returns>
    internal (ApiSocket? Socket, ApiAnswer? Refusal) Upgrade(string path, string protocols)
    {
        using var message = Message(new(HttpMethod.Get, path));
        message.Headers.Connection.Add("Upgrade");
        message.Headers.Upgrade.ParseAdd("websocket");
        message.Headers.Add("Sec-WebSocket-Version", "13");
        message.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        message.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", protocols);
        var response = Http.Send(message, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return (new(response), null);
        }

        using (response)
        {
            return (null, Answer($"upgrade {path}", response));
        }
    }

    /// <summary>Makes something at the first call of all checks of the class, and gives the same to the others.</summary>
    internal string Once(string what, Func<string> make) => _made.TryGetValue(what, out var made) ? made : _made[what] = make();

    /// <summary>Makes a namespace that is deleted after the last check.</summary>
    internal string NewNamespace()
    {
        var name = NewName("test");
        Call(new(HttpMethod.Post, "/api/v1/namespaces") { Json = $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{name}}" } }""" }).Created();
        DeleteLater($"/api/v1/namespaces/{name}");
        var clock = Stopwatch.StartNew();
        while (!IsReady(Call(new(HttpMethod.Get, $"/api/v1/namespaces/{name}/serviceaccounts/default"))))
        {
            Assert.True(clock.Elapsed < Patience, $"The namespace {name} has no account for pods yet.");
            Thread.Sleep(50);
        }

        return name;
    }

    internal static string NewName(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)];

    /// <summary>Deletes a cluster-wide object after the last check.</summary>
    internal void DeleteLater(string path) => _toDelete.Push(path);

    /// <summary>Comes back when revisions that came before this call, of the objects at the path, are no longer known.</summary>
    internal abstract void ForgetRevisions(string path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client that the server knows as somebody who may do everything.</summary>
    protected abstract HttpClient Connect();

    /// <summary>Takes away what the checks left.</summary>
    protected virtual void Dispose(bool disposing)
    {
        while (_toDelete.TryPop(out var path))
        {
            Call(new(HttpMethod.Delete, path));
        }

        _http?.Dispose();
    }

    private bool IsReady(ApiAnswer account) => account.Status == 200 && (Minor >= VersionDifference.AccountSecrets.Minor || account["secrets[0].name"] is not null);

    private static ApiAnswer Answer(string request, HttpResponseMessage response)
    {
        using var reader = new StreamReader(response.Content.ReadAsStream(), Encoding.UTF8);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new(request, (int)response.StatusCode, headers, reader.ReadToEnd());
    }

    private HttpRequestMessage Message(ApiRequest request)
    {
        var message = new HttpRequestMessage(request.Method, Root + request.Path);
        if (request.Json is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Json));
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Type);
        }

        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
