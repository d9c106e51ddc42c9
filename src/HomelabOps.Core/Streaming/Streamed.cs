namespace HomelabOps.Core.Streaming;

/// <summary>What a service hands to the pipeline: a record, or something to tell the user on the way.</summary>
/// <typeparam name="T">Type of the records.</typeparam>
public readonly struct Streamed<T>
{
    private Streamed(T? value, Notice? notice)
    {
        Value = value;
        Notice = notice;
    }

    /// <summary>The record; meaningless when <see cref="Notice"/> is set.</summary>
    public T? Value { get; }

    /// <summary>The notice; null when this is a record.</summary>
    public Notice? Notice { get; }

    /// <summary>A record.</summary>
    /// <param name="value">The record.</param>
    public static implicit operator Streamed<T>(T value) => new(value, null);

    /// <summary>A notice.</summary>
    /// <param name="notice">The notice.</param>
    public static implicit operator Streamed<T>(Notice notice) => new(default, notice);
}
