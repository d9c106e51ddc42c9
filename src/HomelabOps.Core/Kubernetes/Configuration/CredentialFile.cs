namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Reads what a kubeconfig holds or points to, with errors that name the field and never its value.</summary>
internal static class CredentialFile
{
    public static byte[] ReadBytes(string owner, string field, string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.CredentialFileNotFound(owner, field, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Errors.CredentialFileUnreadable(owner, field, path, exception);
        }
    }

    public static string ReadText(string owner, string field, string path) => System.Text.Encoding.UTF8.GetString(ReadBytes(owner, field, path)).TrimStart('\uFEFF');

    /// <summary>A token that breaks the header would be quoted in the exception of HttpClient, so it is refused before.</summary>
    public static string CheckToken(string token, string owner, string field, string path)
    {
        foreach (char character in token)
        {
            if (character is <= ' ' or >= '\x7f')
            {
                throw Errors.CredentialInvalid(owner, field, Errors.Text("Detail_Token"), path);
            }
        }

        return token;
    }

    /// <summary>The field with inline data (base64), else the file that the other field names, else null.</summary>
    public static byte[]? Resolve(KubeConfigNode node, string owner, string field)
    {
        string dataField = field + "-data";
        if (node.GetText(dataField) is { } data)
        {
            try
            {
                return Convert.FromBase64String(data);
            }
            catch (FormatException)
            {
                throw Errors.CredentialInvalid(owner, dataField, Errors.Text("Detail_Base64"), node.File);
            }
        }

        return node.GetText(field) is { } path ? ReadBytes(owner, field, FullPath(node, path)) : null;
    }

    /// <summary>A relative path counts from the kubeconfig's folder.</summary>
    public static string FullPath(KubeConfigNode node, string path) => Path.GetFullPath(path, Path.GetDirectoryName(node.File)!);
}
