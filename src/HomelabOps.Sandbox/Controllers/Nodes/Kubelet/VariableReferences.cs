using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What Kubernetes itself puts in for <c>$(NAME)</c> in commands, arguments and variables, before any shell sees them.</summary>
internal static class VariableReferences
{
    /// <summary>The text with the values of its references. One that is not known stays as it is, and <c>$$</c> is a sign alone.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            var close = text[at] == '$' && next == '(' ? text.IndexOf(')', at) : -1;
            if (close >= 0)
            {
                var reference = text[at..(close + 1)];
                result.Append(variables.GetValueOrDefault(reference[2..^1], reference));
                at = close;
                continue;
            }

            result.Append(text[at]);
            at += text[at] == '$' && next == '$' ? 1 : 0;
        }

        return result.ToString();
    }
}
