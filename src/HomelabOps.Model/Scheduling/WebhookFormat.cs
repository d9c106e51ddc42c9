namespace HomelabOps;

/// <summary>What a webhook takes.</summary>
public enum WebhookFormat
{
    /// <summary>What the address is known to take, else <see cref="Json"/>.</summary>
    Auto,

    /// <summary>A message of ntfy, with title, priority and tags.</summary>
    Ntfy,

    /// <summary>A message of Discord.</summary>
    Discord,

    /// <summary>A message of Slack, which Mattermost and others take as well.</summary>
    Slack,

    /// <summary>Title, text, and the findings as JSON.</summary>
    Json,
}
