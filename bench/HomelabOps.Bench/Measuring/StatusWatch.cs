using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HomelabOps.Bench.Measuring;

/// <summary>
/// Notes when objects' controllers answer a request: a watch without the module. An event is on its way for some tenths of
/// a millisecond, to this watch as to that of the module.
/// </summary>
internal sealed class StatusWatch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<(string Name, long Time)> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public StatusWatch(HttpClient http, string collection)
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _watching = Task.Run(() => WatchAsync(http, collection, began));
        began.Task.Wait();
    }

    /// <summary>The time of the first answer about an object after another time, as timestamps of Stopwatch.</summary>
    public long FirstAfter(string name, long start)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            foreach (var (_, time) in _answers.Where(answer => answer.Name == name && answer.Time > start))
            {
                return time;
            }

            Thread.Sleep(1);
        }

        throw new BenchException($"Nobody saw the controller's answer about {name}.");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _watching.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _stop.Dispose();
    }

    private async Task WatchAsync(HttpClient http, string collection, TaskCompletionSource began)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{collection}?watch=1&timeoutSeconds=3600");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
        began.TrySetResult();
        while (await lines.ReadLineAsync(_stop.Token) is { } line)
        {
            var time = Stopwatch.GetTimestamp();
            var item = JsonNode.Parse(line)!["object"]!;
            var name = item["metadata"]!["name"]!.GetValue<string>();
            var token = item["status"]?["lastHandledReconcileAt"]?.GetValue<string>() ?? "";
            if (token.Length > 0 && tokens.GetValueOrDefault(name) != token)
            {
                tokens[name] = token;
                _answers.Enqueue((name, time));
            }
        }
    }
}
