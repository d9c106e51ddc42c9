using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Scheduling.Webhooks;

/// <summary>
/// Tells a message to a webhook. Its address is a secret: whoever has it can write there. So it is in no text that is made here, and a
/// redirection, which would carry the message somewhere else, is a failure.
/// </summary>
internal static class Webhook
{
    private const int MostOfDiscord = 1900;
    private const int MostOfOthers = 3500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends it.</summary>
    /// <returns>Null, or why it did not arrive.</returns>
    public static async Task<string?> SendAsync(Uri address, WebhookFormat format, WebhookMessage message, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Patience);
        try
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
            using var client = new HttpClient(handler);
            using var request = Create(address, format == WebhookFormat.Auto ? FormatOf(address) : format, message);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            return answer.IsSuccessStatusCode ? null : $"{address.Host} answered {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{address.Host} did not answer within {Patience.TotalSeconds:0} seconds";
        }
        catch (HttpRequestException error)
        {
            return $"{address.Host} cannot be reached ({error.HttpRequestError})";
        }
    }

    /// <summary>What an address is known to take.</summary>
    internal static WebhookFormat FormatOf(Uri address) => address.Host.ToLowerInvariant() switch
    {
        "discord.com" or "discordapp.com" or "ptb.discord.com" or "canary.discord.com" => WebhookFormat.Discord,
        "hooks.slack.com" => WebhookFormat.Slack,
        var host when host == "ntfy" || host.StartsWith("ntfy.", StringComparison.Ordinal) => WebhookFormat.Ntfy,
        _ => WebhookFormat.Json,
    };

    /// <summary>The request of a format.</summary>
    internal static HttpRequestMessage Create(Uri address, WebhookFormat format, WebhookMessage message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Body(format, message) };
        if (format == WebhookFormat.Ntfy)
        {
            request.Headers.TryAddWithoutValidation("Title", Ascii(message.Title));
            request.Headers.TryAddWithoutValidation("Priority", message.Worst == FindingSeverity.Error ? "high" : "default");
            request.Headers.TryAddWithoutValidation("Tags", message.Worst is null ? "white_check_mark" : "warning");
        }

        if (address.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }

        return request;
    }

    private static StringContent Body(WebhookFormat format, WebhookMessage message) => format switch
    {
        WebhookFormat.Ntfy => new(message.Text(MostOfOthers), Encoding.UTF8, "text/plain"),

        // Nothing that a name is made of may call people.
        WebhookFormat.Discord => Json(new() { ["content"] = $"**{message.Title}**\n{message.Text(MostOfDiscord)}", ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() } }),
        WebhookFormat.Slack => Json(new() { ["text"] = Slack($"{message.Title}\n{message.Text(MostOfOthers)}") }),
        _ => Json(new() { ["title"] = message.Title, ["text"] = message.Text(MostOfOthers), ["healthy"] = message.Worst is null, ["severity"] = message.Worst?.ToString(), ["changes"] = new JsonArray([.. message.Lines.Select(line => (JsonNode?)line)]) }),
    };

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static string Slack(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Headers of HTTP take nothing else.
    private static string Ascii(string text) => new([.. text.Select(letter => letter is >= ' ' and <= '~' ? letter : '?')]);
}
