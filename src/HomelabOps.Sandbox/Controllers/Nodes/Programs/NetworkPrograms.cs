using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs that speak with others over the network, as busybox has them: nc, which only connects.</summary>
internal static class NetworkPrograms
{
    public static void AddTo(ProgramTable table) => table.Add("nc", ConnectAsync);

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
