using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>
/// The REST API of one Syncthing, through the API server: by its proxy, and where that may not be used or does not get through, by a
/// port-forward within this process, in which the Syncthing's own certificate is checked.
/// </summary>
internal sealed class SyncthingApi : IDisposable
{
    public const int Port = 8384;

    private const int LongestText = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ClusterClient _client;
    private readonly ResourceReference _source;
    private readonly SyncthingKey _key;
    private readonly HomelabPod _pod;
    private readonly Lazy<HttpClient> _forward;

    /// <param name="client">The cluster.</param>
    /// <param name="target">The Syncthing.</param>
    /// <param name="key">What opens it; its certificate is disposed of with this.</param>
    /// <exception cref="HomelabException">SyncthingNotRunning.</exception>
    public SyncthingApi(ClusterClient client, SyncthingTarget target, SyncthingKey key)
    {
        (_client, _source, _key, Target) = (client, target.Source, key, target);
        _pod = target.Pod ?? throw Errors.SyncthingNotRunning(_source);
        _forward = new(() => PodTls.Client(client, _pod, Port, key.Certificate!));
    }

    /// <summary>Whose API it is.</summary>
    public SyncthingTarget Target { get; }

    /// <summary>The API of the Syncthing of a ReplicationSource.</summary>
    /// <exception cref="HomelabException">ReplicationGone, SyncthingNotRunning, SyncthingKeyUnknown, AccessDenied.</exception>
    public static async Task<SyncthingApi> OpenAsync(ClusterClient client, ResourceReference source, HomelabConfig config, CancellationToken cancellationToken)
    {
        if ((await SyncthingTargets.FindAsync(client, new() { References = [source], Config = config }, cancellationToken)).Targets is not [var syncthing, ..])
        {
            throw Errors.ReplicationGone(source);
        }

        return syncthing.Pod is not { Ready: true } ? throw Errors.SyncthingNotRunning(source, syncthing.Pod) : new(client, syncthing, await SyncthingKey.ReadAsync(client, syncthing, cancellationToken));
    }

    public void Dispose()
    {
        if (_forward.IsValueCreated)
        {
            _forward.Value.Dispose();
        }

        _key.Certificate?.Dispose();
    }

    /// <summary>Reads one document.</summary>
    /// <exception cref="HomelabException">SyncthingRefused, SyncthingUnreachable.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var response = await SendAsync(HttpMethod.Get, path, patience ?? Patience, cancellationToken);
        return await ReadAsync(response, async body => await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException("The answer is null."), cancellationToken);
    }

    /// <summary>Reads the items of an array one by one, so that only one of them is in memory.</summary>
    public async Task EachAsync<T>(string path, JsonTypeInfo<T> type, Action<T> act, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, Patience, cancellationToken);
        await ReadAsync(response, async body =>
        {
            await foreach (var item in JsonSerializer.DeserializeAsyncEnumerable(body, type, cancellationToken))
            {
                act(item!);
            }

            return true;
        }, cancellationToken);
    }

    /// <summary>Asks it to do something.</summary>
    /// <exception cref="HomelabException">SyncthingRefused, SyncthingUnreachable.</exception>
    public async Task PostAsync(string path, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var response = await SendAsync(HttpMethod.Post, path, patience ?? Patience, cancellationToken);
    }

    /// <summary>Changes some of its settings, which it takes over at once.</summary>
    /// <exception cref="HomelabException">SyncthingRefused, SyncthingUnreachable.</exception>
    public async Task PatchAsync(string path, JsonObject change, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Patch, path, Patience, cancellationToken, change);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<Stream, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await read(body);
        }
        catch (Exception error) when (error is JsonException or IOException or HttpRequestException)
        {
            throw Errors.SyncthingUnreachable(_source, Errors.Text("Detail_SyncthingNotItsAnswer", error.Message));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, TimeSpan patience, CancellationToken cancellationToken, JsonObject? body = null)
    {
        var refusal = "";
        if (!_forward.IsValueCreated)
        {
            var (response, problem) = await ProxyAsync(method, path, body, patience, cancellationToken);
            if (response is not null)
            {
                return response;
            }

            refusal = problem;
            if (_key.Certificate is null)
            {
                throw Errors.SyncthingUnreachable(_source, refusal);
            }
        }

        return await ForwardAsync(method, path, body, patience, refusal, cancellationToken);
    }

    // Null, and why, where the API server has not got through.
    private async Task<(HttpResponseMessage? Response, string Problem)> ProxyAsync(HttpMethod method, string path, JsonObject? body, TimeSpan patience, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(method == HttpMethod.Get ? "get" : method == HttpMethod.Patch ? "patch" : "create", "pods/proxy", _pod.Namespace, _pod.Name)
        {
            Method = method,
            Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()),
            Headers = new Dictionary<string, string> { ["X-API-Key"] = _key.Value },
            ResponseTimeout = patience,
            Attempts = 1,
            IsRepeatable = false,
        };
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync($"{ResourceType.Pod.Path(_pod.Namespace, $"https:{_pod.Name}:{Port}")}/proxy/{path}", request, cancellationToken);
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.RequestTimeout))
        {
            return (null, Errors.Text("Detail_SyncthingSilent", patience.TotalSeconds));
        }

        if (response.IsSuccessStatusCode)
        {
            return (response, "");
        }

        using (response)
        {
            var text = await TextAsync(response, cancellationToken);
            return Said(text) is not { } status ? throw Refused(response.StatusCode, text)
                : (null, response.StatusCode == HttpStatusCode.Forbidden ? Errors.AccessDenied(_client.Name, request.Verb, request.Resource, _pod.Namespace).Message : status);
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpMethod method, string path, JsonObject? body, TimeSpan patience, string refusal, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", _key.Value);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        HttpResponseMessage response;
        try
        {
            response = await _forward.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.SyncthingUnreachable(_source, Join(refusal, Errors.Text("Detail_SyncthingSilent", patience.TotalSeconds)));
        }
        catch (HttpRequestException error)
        {
            throw Errors.SyncthingUnreachable(_source, Join(refusal, error.InnerException?.Message ?? error.Message));
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refused(response.StatusCode, await TextAsync(response, cancellationToken));
        }
    }

    private HomelabException Refused(HttpStatusCode status, string text) => status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
        ? Errors.SyncthingRefused(_source, (int)status, text)
        : Errors.SyncthingUnreachable(_source, FormattableString.Invariant($"HTTP {(int)status} {text}"));

    private static string Join(string first, string second) => first.Length == 0 ? second : $"{first} {second}";

    // The API server's own failures are objects; Syncthing's are a line of text.
    private static string? Said(string text)
    {
        try
        {
            return text.StartsWith('{') && JsonNode.Parse(text) is JsonObject status && (string?)status["kind"] == "Status" ? (string?)status["message"] ?? "" : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[LongestText];
            var read = await body.ReadAtLeastAsync(buffer, LongestText, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(buffer, 0, read).Trim();
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return "";
        }
    }
}
