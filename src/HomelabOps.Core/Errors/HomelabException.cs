namespace HomelabOps.Core;

/// <summary>A failure with a stable id, a true category and a text that says what to do next.</summary>
public sealed class HomelabException : Exception
{
    /// <summary>Makes the exception; the message never holds a secret.</summary>
    public HomelabException(string id, ErrorKind kind, string message, object? target = null, bool terminates = false, Exception? innerException = null)
        : base(message, innerException)
    {
        Id = id;
        Kind = kind;
        Target = target;
        Terminates = terminates;
    }

    /// <summary>The stable id, which is also the key of the text.</summary>
    public string Id { get; }

    /// <summary>The category.</summary>
    public ErrorKind Kind { get; }

    /// <summary>What the error is about: the user's input or a record.</summary>
    public object? Target { get; }

    /// <summary>True when nothing more can be done on this connection or command, so that the next item would fail in the same way.</summary>
    public bool Terminates { get; }

    /// <summary>The words of the server that refused a request; null when no server did.</summary>
    internal string? ServerText { get; set; }

    /// <summary>The server's one word for it, such as <c>Invalid</c>; null when no server refused.</summary>
    internal string? ServerReason { get; set; }

    /// <summary>The server's first cause, such as the budget that keeps a pod from being evicted; null when it gave none.</summary>
    internal string? ServerCause { get; set; }

    /// <summary>The status of the server's refusal; null when no server refused.</summary>
    internal System.Net.HttpStatusCode? ServerStatus { get; set; }

    /// <summary>Where in a file it is; null when it is in none.</summary>
    internal FilePlace? Place { get; init; }
}
