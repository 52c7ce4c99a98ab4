namespace Pipeline.Model.Tests.Weights;

/// <summary>
/// One state dict as CPython's pickler writes it: an OrderedDict with <c>_metadata</c>; a parameter, a tensor tied to it, its transpose
/// and one of its rows, all in storage '0' of 12 float32; a scalar, an empty tensor and a vector in storage '1' of 3 bfloat16.
/// </summary>
internal static class StateDictPickles
{
    /// <summary>The file that holds the pickle of a protocol; the storages hold 0, 1, 2, … as numbers of their types.</summary>
    public static TorchArchiveBuilder File(int protocol) => new TorchArchiveBuilder()
        .Add("data.pkl", Pickle(protocol))
        .Add("byteorder", "little"u8)
        .Add("data/0", [.. Enumerable.Range(0, 12).SelectMany(number => BitConverter.GetBytes((float)number))])
        .Add("data/1", [.. Enumerable.Range(0, 3).SelectMany(number => BitConverter.GetBytes((float)number)[2..])])
        .Add("version", "3\n"u8);

    /// <param name="protocol">2 to 5.</param>
    public static byte[] Pickle(int protocol) => protocol switch
    {
        2 => Convert.FromBase64String(
            "gAJjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQApUnEBKFgIAAAAYS53ZWlnaHRxAmN0b3JjaC5fdXRpbHMKX3JlYnVpbGRfcGFyYW1ldGVyCnEDY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3"
            + "JfdjIKcQQoKFgHAAAAc3RvcmFnZXEFY3RvcmNoCkZsb2F0U3RvcmFnZQpxBlgBAAAAMHEHWAMAAABjcHVxCEsMdHEJUUsASwNLBIZxCksESwGGcQuJaAApUnEMdHENUnEOiGgAKVJxD4dxEFJxEVgL"
            + "AAAAdGllZC53ZWlnaHRxEmgEKChoBWgGaAdoCEsMdHETUUsAaApoC4loAClScRR0cRVScRZYCgAAAHRyYW5zcG9zZWRxF2gEKChoBWgGaAdoCEsMdHEYUUsASwRLA4ZxGUsBSwSGcRqJaAApUnEbdH"
            + "EcUnEdWAMAAAByb3dxHmgEKChoBWgGaAdoCEsMdHEfUUsESwSFcSBLAYVxIYloAClScSJ0cSNScSRYBgAAAHNjYWxhcnElaAQoKGgFY3RvcmNoCkJGbG9hdDE2U3RvcmFnZQpxJlgBAAAAMXEnaAhL"
            + "A3RxKFFLAikpiWgAKVJxKXRxKlJxK1gFAAAAZW1wdHlxLGgEKChoBWgmaCdoCEsDdHEtUUsASwBLA4ZxLksDSwGGcS+JaAApUnEwdHExUnEyWAQAAABiZjE2cTNoBCgoaAVoJmgnaAhLA3RxNFFLAE"
            + "sDhXE1aCGJaAApUnE2dHE3UnE4dX1xOVgJAAAAX21ldGFkYXRhcTpoAClScTsoWAAAAABxPH1xPVgHAAAAdmVyc2lvbnE+SwFzWAEAAABhcT99cUBoPksBc1gJAAAAZGVlcC5ub3JtcUF9cUJoPksC"
            + "c3VzYi4="),
        3 => [0x80, 3, .. Pickle(2).AsSpan(2)], // differs from 2 in the first opcode alone: so CPython writes it
        4 => Convert.FromBase64String(
            "gASVNAIAAAAAAACMC2NvbGxlY3Rpb25zlIwLT3JkZXJlZERpY3SUk5QpUpQojAhhLndlaWdodJSMDHRvcmNoLl91dGlsc5SMEl9yZWJ1aWxkX3BhcmFtZXRlcpSTlGgFjBJfcmVidWlsZF90ZW5zb3"
            + "JfdjKUk5QoKIwHc3RvcmFnZZSMBXRvcmNolIwMRmxvYXRTdG9yYWdllJOUjAEwlIwDY3B1lEsMdJRRSwBLA0sEhpRLBEsBhpSJaAIpUpR0lFKUiGgCKVKUh5RSlIwLdGllZC53ZWlnaHSUaAkoKGgK"
            + "aA1oDmgPSwx0lFFLAGgRaBKJaAIpUpR0lFKUjAp0cmFuc3Bvc2VklGgJKChoCmgNaA5oD0sMdJRRSwBLBEsDhpRLAUsEhpSJaAIpUpR0lFKUjANyb3eUaAkoKGgKaA1oDmgPSwx0lFFLBEsEhZRLAY"
            + "WUiWgCKVKUdJRSlIwGc2NhbGFylGgJKChoCmgLjA9CRmxvYXQxNlN0b3JhZ2WUk5SMATGUaA9LA3SUUUsCKSmJaAIpUpR0lFKUjAVlbXB0eZRoCSgoaApoLmgvaA9LA3SUUUsASwBLA4aUSwNLAYaU"
            + "iWgCKVKUdJRSlIwEYmYxNpRoCSgoaApoLmgvaA9LA3SUUUsASwOFlGgoiWgCKVKUdJRSlHV9lIwJX21ldGFkYXRhlGgCKVKUKIwAlH2UjAd2ZXJzaW9ulEsBc4wBYZR9lGhGSwFzjAlkZWVwLm5vcm"
            + "2UfZRoRksCc3VzYi4="),
        5 => [0x80, 5, .. Pickle(4).AsSpan(2)],
        _ => throw new ArgumentOutOfRangeException(nameof(protocol)),
    };
}
