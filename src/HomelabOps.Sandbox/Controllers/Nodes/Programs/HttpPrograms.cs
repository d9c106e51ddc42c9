using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs that ask servers and names within the cluster: wget and nslookup as busybox has them, and curl. All speak HTTP without TLS.</summary>
internal static class HttpPrograms
{
    private const int Unsupported = 1;
    private const int NoName = 6;
    private const int NoConnection = 7;
    private const int Refused = 22;
    private const int NoAnswer = 52;
    private static readonly string[] WgetValues = ["-O", "-T", "-U", "-P", "--header", "--post-data", "-Y"];
    private static readonly string[] CurlValues = ["-o", "-m", "-w", "-H", "-X", "-d", "-A", "-u", "--max-time", "--connect-timeout", "--retry", "--output", "--write-out", "--request"];

    public static void AddTo(ProgramTable table)
    {
        table.Add("wget", WgetAsync);
        table.Add("curl", CurlAsync);
        table.Add("nslookup", LookUpAsync);
    }

    // wget [-q] [-S] [-O FILE] [-T SEC] [--spider] URL
    private static async Task<int> WgetAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (values, words) = Split(call, WgetValues);
        if (words.Find(word => !word.StartsWith('-')) is not { } text)
        {
            return await call.FailAsync("missing URL", cancellationToken);
        }

        if (Url(text) is not { } url)
        {
            return await call.FailAsync($"not an http or ftp url: {text}", cancellationToken);
        }

        if (call.Context.Resolve(url.Host).Addresses is not [var address, ..])
        {
            return await call.FailAsync($"bad address '{url.Authority}'", cancellationToken);
        }

        var isQuiet = words.Exists(word => word.StartsWith('-') && !word.StartsWith("--", StringComparison.Ordinal) && word.Contains('q', StringComparison.Ordinal));
        if (!isQuiet)
        {
            await SayAsync(call, $"Connecting to {url.Authority} ({address}:{url.Port})\n", cancellationToken);
        }

        var (stream, failure) = call.Context.Connect(address, url.Port);
        if (stream is null)
        {
            return await call.FailAsync($"can't connect to remote host ({address}): {failure}", cancellationToken);
        }

        var answer = await call.Context.Time.OutsideAsync(() => HttpAnswer.AskAsync(stream, words.Contains("--spider") ? "HEAD" : "GET", url, "Wget", cancellationToken));
        if (answer is null)
        {
            return await call.FailAsync("error getting response", cancellationToken);
        }

        if (answer.Code is < 200 or >= 300)
        {
            return await call.FailAsync($"server returned error: {answer.Status}", cancellationToken);
        }

        if (words.Contains("--spider"))
        {
            await SayAsync(call, isQuiet ? "" : "remote file exists\n", cancellationToken);
            return 0;
        }

        var name = url.AbsolutePath[(url.AbsolutePath.LastIndexOf('/') + 1)..];
        return await StoreAsync(call, answer, values.GetValueOrDefault("-O", name.Length == 0 ? "index.html" : name), cancellationToken);
    }

    // curl [-s] [-f] [-i] [-I] [-o FILE] [-w FORMAT] URL
    private static async Task<int> CurlAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var (values, words) = Split(call, CurlValues);
        var isSilent = Has('s') && !Has('S');
        if (words.Find(word => !word.StartsWith('-')) is not { } text)
        {
            return await FailAsync(2, "no URL specified");
        }

        if (Url(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text) is not { } url)
        {
            return await FailAsync(Unsupported, $"Protocol \"{text.Split(':')[0]}\" not supported");
        }

        if (call.Context.Resolve(url.Host).Addresses is not [var address, ..])
        {
            return await FailAsync(NoName, $"Could not resolve host: {url.Host}");
        }

        var (stream, _) = call.Context.Connect(address, url.Port);
        if (stream is null)
        {
            return await FailAsync(NoConnection, string.Create(CultureInfo.InvariantCulture, $"Failed to connect to {url.Host} port {url.Port} after 0 ms: Could not connect to server"));
        }

        var answer = await call.Context.Time.OutsideAsync(() => HttpAnswer.AskAsync(stream, Has('I') ? "HEAD" : values.GetValueOrDefault("-X", "GET"), url, "curl/8.12.1", cancellationToken));
        if (answer is null)
        {
            return await FailAsync(NoAnswer, "Empty reply from server");
        }

        if (Has('f') && answer.Code >= 400)
        {
            return await FailAsync(Refused, string.Create(CultureInfo.InvariantCulture, $"The requested URL returned error: {answer.Code}"));
        }

        if (Has('i') || Has('I'))
        {
            await call.WriteAsync(answer.Head + "\r\n\r\n", cancellationToken);
        }

        var code = await StoreAsync(call, answer, values.GetValueOrDefault("-o", "-"), cancellationToken);
        await call.WriteAsync(values.GetValueOrDefault("-w", "").Replace("%{http_code}", answer.Code.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal), cancellationToken);
        return code;

        bool Has(char option) => words.Exists(word => word.StartsWith('-') && !word.StartsWith("--", StringComparison.Ordinal) && word.Contains(option, StringComparison.Ordinal));

        async Task<int> FailAsync(int status, string message)
        {
            await SayAsync(call, isSilent ? "" : string.Create(CultureInfo.InvariantCulture, $"curl: ({status}) {message}\n"), cancellationToken);
            return status;
        }
    }

    // nslookup NAME [SERVER]
    private static async Task<int> LookUpAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        if (call.Operands.FirstOrDefault() is not { } name)
        {
            return await call.FailAsync("usage: nslookup NAME [SERVER]", cancellationToken);
        }

        await call.WriteAsync($"Server:\t\t{ClusterDns.Address}\nAddress:\t{ClusterDns.Address}:53\n\n", cancellationToken);
        var (full, addresses) = call.Context.Resolve(name);
        await call.WriteAsync(
            addresses.Count == 0 ? $"** server can't find {name}: NXDOMAIN\n\n" : string.Concat(addresses.Select(address => $"Name:\t{full}\nAddress: {address}\n")) + "\n",
            cancellationToken);
        return addresses.Count == 0 ? 1 : 0;
    }

    // Options with their values, and all else.
    private static (Dictionary<string, string> Values, List<string> Words) Split(ProgramCall call, string[] valued)
    {
        var (values, words) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        for (var index = 0; index < call.Arguments.Count; index++)
        {
            var word = call.Arguments[index];

            // A value may stand behind its option, and the option behind others: -qO- and -q -O -.
            var option = Array.Find(valued, option => word == option || (option.Length == 2 && word.StartsWith('-') && !word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf(option[1], StringComparison.Ordinal) > 0));
            if (option is null)
            {
                words.Add(word);
                continue;
            }

            var at = option.Length == 2 ? word.IndexOf(option[1], StringComparison.Ordinal) + 1 : word.Length;
            values[option] = at < word.Length ? word[at..] : index + 1 < call.Arguments.Count ? call.Arguments[++index] : "";
            if (option.Length == 2 && at > 2)
            {
                words.Add(word[..(at - 1)]);
            }
        }

        return (values, words);
    }

    private static Uri? Url(string text) => Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp ? url : null;

    private static async Task<int> StoreAsync(ProgramCall call, HttpAnswer answer, string place, CancellationToken cancellationToken)
    {
        if (place == "-")
        {
            await call.Output.WriteAsync(answer.Body, cancellationToken);
            return 0;
        }

        try
        {
            await call.Context.Files.WriteAsync(call.Path(place), System.Text.Encoding.UTF8.GetString(answer.Body), append: false, cancellationToken);
            return 0;
        }
        catch (FileException error)
        {
            return await call.FailAsync($"can't open '{place}': {error.Message}", cancellationToken);
        }
    }

    private static async Task SayAsync(ProgramCall call, string text, CancellationToken cancellationToken) =>
        await call.Error.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
}
