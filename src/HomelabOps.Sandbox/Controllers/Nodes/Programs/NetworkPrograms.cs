using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs that speak with others over the network, as busybox has them: nc, which only connects, and httpd, which serves files.</summary>
internal static class NetworkPrograms
{
    private const int HttpPort = 80;
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36500);

    public static void AddTo(ProgramTable table)
    {
        table.Add("nc", ConnectAsync);
        table.Add("httpd", ServeAsync);
    }

    // httpd [-f] [-p [IP:]PORT] [-h HOME]
    private static async Task<int> ServeAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        string Option(string name, string otherwise) => call.Arguments.SkipWhile(word => word != name).Skip(1).FirstOrDefault(otherwise);
        var place = Option("-p", "");
        if (!int.TryParse(place[(place.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture, out var port))
        {
            port = place.Length == 0 ? HttpPort : 0;
        }

        if (port is <= 0 or > ushort.MaxValue)
        {
            return await call.FailAsync($"bad port '{place}'", cancellationToken);
        }

        call.Context.Listen(port, call.Path(Option("-h", ".")));
        if (call.Arguments.Contains("-f"))
        {
            await call.Context.Time.SleepAsync(Forever, cancellationToken);
        }

        return 0;
    }

    // nc [-z] [-w SECONDS] HOST PORT
    private static async Task<int> ConnectAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var words = call.Arguments.ToList();
        var wait = words.IndexOf("-w");
        if (wait >= 0)
        {
            words.RemoveRange(wait, Math.Min(2, words.Count - wait));
        }

        return words.Where(word => word != "-z").ToArray() is [var host, var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var port)
            ? call.Context.Dial(host, port) is { } failure ? await call.FailAsync($"{host} ({host}:{number}): {failure}", cancellationToken) : 0
            : await call.FailAsync("usage: nc [-z] [-w SEC] HOST PORT", cancellationToken);
    }
}
