# SPDX-License-Identifier: Apache-2.0
"""Readings that synthesis must not guess.

Some characters are read in two ways: 长 is cháng in 时长 and zhǎng in 增长. Words with such a character are replaced by
the phonemes of their pinyin before synthesis. A character of RISKY that no word here covers is reported, so that a
bureau's own wording is listened to before it is used.
"""

import functools
import re

from . import espeak

# Word -> pinyin with tone numbers as spoken (tone changes of 一 and 不 included), one syllable for each character.
READINGS = {
    "为保护": "wei4 bao3 hu4",
    "因为": "yin1 wei4",
    "行为": "xing2 wei2",
    "行政": "xing2 zheng4",
    "执行": "zhi2 xing2",
    "进行": "jin4 xing2",
    "先行": "xian1 xing2",
    "言行": "yan2 xing2",
    "履行": "lv3 xing2",
    "相关": "xiang1 guan1",
    "还有": "hai2 you3",
    "还可": "hai2 ke3",
    "重新": "chong2 xin1",
    "重启": "chong2 qi3",
    "重要": "zhong4 yao4",
    "重大": "zhong4 da4",
    "严重": "yan2 zhong4",
    "时长": "shi2 chang2",
    "长期": "chang2 qi1",
    "局长": "ju2 zhang3",
    "调取": "diao4 qu3",
    "调查": "diao4 cha2",
    "调阅": "diao4 yue4",
    "调解": "tiao2 jie3",
    "更换": "geng1 huan4",
    "变更": "bian4 geng1",
    "时间": "shi2 jian1",
    "空间": "kong1 jian1",
    "之间间歇": "zhi1 jian1 jian4 xie1",
    "当事人": "dang1 shi4 ren2",
    "当场": "dang1 chang3",
    "应当": "ying1 dang1",
    "不得": "bu4 de2",
    "处罚": "chu3 fa2",
    "处理": "chu3 li3",
    "处置": "chu3 zhi4",
    "查处": "cha2 chu3",
    "校准": "jiao4 zhun3",
    "上传": "shang4 chuan2",
    "涉及量大": "she4 ji2 liang4 da4",
    "电量": "dian4 liang4",
    "容量": "rong2 liang4",
    "个人": "ge4 ren2",
    "个工作日": "ge5 gong1 zuo4 ri4",
    "名称": "ming2 cheng1",
    "存储卡": "cun2 chu3 ka3",
    "用尽": "yong4 jin4",
    "菜单": "cai4 dan1",
    "一次": "yi2 ci4",
    "一秒": "yi4 miao3",
    "一分钟": "yi4 fen1 zhong1",
}

# Characters that are read in more than one way in words that a bureau may write.
RISKY = frozenset("为还重行长调更间当得处校传量卡称单尽乘载曾参差率便系切朝倒教解省降难藏薄数相应与个")

_WORDS = re.compile("|".join(sorted(map(re.escape, READINGS), key=len, reverse=True)))


def pinned(text: str) -> str:
    """`text` as espeak-ng input: words of READINGS stand as phonemes."""
    marked = _WORDS.sub(lambda word: phonemes(READINGS[word.group()]), text)
    return marked.replace("]][[", "]] [[")  # back to back, espeak-ng spells the brackets out


def phonemes(reading: str) -> str:
    """espeak-ng input that is read as this pinyin."""
    return f"[[{_phonemes(reading)}]]"


def doubts(text: str) -> str:
    """Characters of `text` with more than one reading that no pinned word covers."""
    return "".join(char for char in _WORDS.sub("", text) if char in RISKY)


@functools.cache
def _phonemes(pinyin: str) -> str:
    return espeak.phonemes(pinyin, "cmn-latn-pinyin").replace("_|", "").strip()
