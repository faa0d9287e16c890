"""The page's texts in Korean, by their English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Plurals are by `{number} articles`; what stands in braces is filled in.
KOREAN: Final[Mapping[str, str]] = {
    # The page and its head
    "Ask": "질문하기",
    "Articles": "기사",
    "Review": "검토",
    "Log out": "로그아웃",
    "No articles yet": "아직 기사가 없습니다",
    "Every sentence of an answer is an exact quote from an article.": (
        "답변의 모든 문장은 기사에서 그대로 옮긴 인용문입니다."
    ),
    "Answering from the bundled seed articles, because the archive is empty. "
    "Add your own with `rag ingest PATH`.": (
        "아카이브가 비어 있어 함께 제공된 예시 기사로 답합니다. "
        "`rag ingest PATH`로 기사를 추가하세요."
    ),
    # Counts, dates, names
    "{number} articles": "기사 {number}건",
    "{number} more articles": "다른 기사 {number}건",
    "{number} other articles": "다른 기사 {number}건",
    "{number} undated articles": "날짜 없는 기사 {number}건",
    "{number} passages": "단락 {number}개",
    "{number} more passages": "다른 단락 {number}개",
    "{number} publishers": "언론사 {number}곳",
    "{number} questions": "질문 {number}개",
    "{number} days": "{number}일",
    "{number} files": "파일 {number}개",
    "{number} versions": "판 {number}개",
    "{number} drafts": "초안 {number}개",
    "{number} more lines": "{number}줄 더",
    "{articles} of {publishers}": "{publishers}의 {articles}",
    "{passages} of {articles}": "{articles}에서 찾은 {passages}",
    "date unknown": "날짜 미상",
    "Untitled article": "제목 없는 기사",
    "Publisher unknown": "언론사 미상",
    "By {author}": "글 {author}",
    "corrected on {day}": "{day} 정정",
    "corrected on or before {day}": "{day} 또는 그 전에 정정",
    "updated {day}": "{day} 수정",
    "{words} = {days}, derived": "{words} = {days}(추정)",
    # Asking
    "Stop": "중지",
    "New chat": "새 대화",
    "Conversation": "대화",
    "Your question": "질문",
    "Ask the archive": "아카이브에 질문하세요",
    "Ask a question about the articles.": "기사에 대해 질문하세요.",
    "Ask next": "이어서 묻기",
    "Ask again": "다시 질문하기",
    "Searching the archive…": "아카이브를 검색하는 중…",
    "Searching {articles}…": "{articles}을 검색하는 중…",
    "Nothing found": "찾은 것이 없습니다",
    "and {count} more": "그 밖에 {count}건",
    "(nothing typed)": "(입력한 내용 없음)",
    "Not answered.": "답하지 못했습니다.",
    "Stopped. What stands above is not complete.": "중지했습니다. 위의 내용은 완성되지 않았습니다.",
    "The answer was cut short: the server stopped, or the page was closed meanwhile.": (
        "답변이 중간에 끊겼습니다. 서버가 멈췄거나 그사이 페이지가 닫혔습니다."
    ),
    "Something went wrong while answering; the server's log says what. Please ask again.": (
        "답변 중에 문제가 생겼습니다. 자세한 내용은 서버 로그에 있습니다. 다시 질문해 주세요."
    ),
    "Understood as: {question}": "이렇게 이해했습니다: {question}",
    "The archive does not say.": "아카이브에는 답이 없습니다.",
    "Nearest, not an answer:": "답은 아니지만 가장 가까운 대목:",
    "show": "보기",
    "Note: {note}": "참고: {note}",
    "Searched {collection}.": "검색 대상: {collection}.",
    "{articles} left out, because a date was asked for.": (
        "날짜를 지정해 {articles}은 제외했습니다."
    ),
    # Verdicts
    "Supported": "근거 있음",
    "Contradicted by its source": "출처와 어긋남",
    "Not found in its source": "출처에서 찾을 수 없음",
    "Could not be checked": "확인할 수 없음",
    "the quote stands in another article": "이 인용문은 다른 기사에 있습니다",
    "the article says something close, not this": "기사에는 비슷하지만 다른 문장이 있습니다",
    "the quote was not found": "인용문을 찾을 수 없습니다",
    "Exact quote: characters {start} to {end} of the article": (
        "기사 원문 {start}~{end}번째 글자를 그대로 인용"
    ),
    # Settings
    "Settings": "설정",
    "Settings of this question": "이 질문의 설정",
    "Since": "시작일",
    "Until": "종료일",
    "Publishers": "언론사",
    "Who answers": "답변 방식",
    "Quotes, without a chat model": "채팅 모델 없이 인용만",
    "How sure an answer must be": "답변의 확실성",
    "Strict: only where it is all but certain": "엄격: 거의 확실할 때만",
    "Balanced": "보통",
    "Open: also what may miss the question": "느슨: 질문에서 벗어날 수 있어도",
    "strict": "엄격",
    "open": "느슨",
    "Passages read": "읽을 단락 수",
    "{passages} read": "{passages} 읽기",
    "{count} passages cannot be read: ask for 1 to {most}": (
        "단락 {count}개는 읽을 수 없습니다. 1~{most} 사이로 입력하세요"
    ),
    "Remove: {setting}": "해제: {setting}",
    "since {day}": "{day}부터",
    "until {day}": "{day}까지",
    "by {publishers}": "{publishers}",
    "only articles {limits}": "{limits} 기사만",
    "all articles": "모든 기사",
    "'{typed}' is not a date: write 2023, 2023-09 or 2023-09-13": (
        "‘{typed}’은(는) 날짜가 아닙니다. 2023, 2023-09, 2023-09-13처럼 입력하세요"
    ),
    "no day lies between {first} and {last}: swap the dates": (
        "{first}이 {last}보다 늦습니다. 두 날짜를 바꾸세요"
    ),
    # Evidence
    "Evidence": "근거",
    "The quotes behind an answer appear here, each in its passage, "
    "with title, publisher and date.": (
        "답변의 인용문이 제목, 언론사, 날짜와 함께 원문 단락 속에 표시됩니다."
    ),
    "for “{question}”": "“{question}”에 대해",
    "Cited ({count})": "인용됨 ({count})",
    "Found, not cited ({count})": "찾았지만 인용하지 않음 ({count})",
    "Nearest ({count})": "가장 가까운 대목 ({count})",
    "Nearest, not an answer": "가장 가까운 대목(답은 아님)",
    "Left out, and why": "제외된 것과 이유",
    "Nothing else was found.": "그 밖에 찾은 것이 없습니다.",
    "Also in {articles}: {publishers}": "{articles}에도 실림: {publishers}",
    "Said by {speaker}": "{speaker}의 말",
    "Quote {number}: show it": "인용문 {number} 보기",
    "Show the passage": "단락 보기",
    "Show the quote": "인용문 보기",
    "Back to the evidence": "근거로 돌아가기",
    "Back to the answer": "답변으로 돌아가기",
    "About this answer": "이 답변에 대하여",
    "Corpus {corpus}, asked on {day}": "말뭉치 {corpus}, {day}에 질문",
    "Embedding {embedding}": "임베딩 {embedding}",
    "Chat model {model}": "채팅 모델 {model}",
    "No chat model: quotes": "채팅 모델 없음: 인용만",
    "this answer has no such quote any more": "이 답변에는 그 인용문이 더 이상 없습니다",
    "The articles disagree": "기사마다 내용이 다릅니다",
    "The articles disagree about {about}": "기사마다 내용이 다릅니다: {about}",
    "In the order of their dates, oldest first.": "오래된 기사부터 날짜순입니다.",
    "Not every article states its date.": "날짜가 없는 기사도 있습니다.",
    "{days} later": "{days} 뒤",
    "the same day": "같은 날",
    # What was left out
    "Looking for what was left out…": "제외된 것을 찾는 중…",
    "Nothing was left out.": "제외된 것이 없습니다.",
    "Outside the limits": "검색 범위 밖",
    "Searched were only articles {limits}.": "{limits} 기사만 검색했습니다.",
    "{articles} without a date, because a date was asked for": (
        "날짜가 없는 {articles}(날짜를 지정했으므로 제외)"
    ),
    "{articles} outside the dates asked for": "지정한 기간 밖의 {articles}",
    "{articles} of other publishers": "다른 언론사의 {articles}",
    "None of them would have been among the best passages without the limits.": (
        "범위를 정하지 않았더라도 상위 단락에 든 것은 없었을 것입니다."
    ),
    "Without the limits, these would have been among the passages found:": (
        "범위를 정하지 않았다면 다음 단락도 찾았을 것입니다:"
    ),
    "Left out: {reasons}.": "제외 이유: {reasons}.",
    "it states no date, and a date was asked for": "날짜를 지정했지만 기사에 날짜가 없음",
    "it is older than what was asked for": "지정한 기간보다 오래됨",
    "it is newer than what was asked for": "지정한 기간보다 나중임",
    "it is by another publisher": "다른 언론사의 기사임",
    "Not read": "읽지 않음",
    "These matched as well as some that were read, but enough of their article was read already:": (
        "읽은 단락만큼 잘 맞지만 같은 기사에서 이미 충분히 읽은 단락:"
    ),
    "{passages} matched less well than those that were read.": (
        "{passages}는 읽은 단락보다 덜 맞았습니다."
    ),
    "Copies of one report": "같은 보도의 사본",
    "Read once, though it is also in {articles}: {publishers}": (
        "{articles}에도 실렸지만 한 번만 읽음: {publishers}"
    ),
    "Sentences of the chat model": "채팅 모델의 문장",
    # Reading an article
    "Article": "기사",
    "Read the article": "기사 읽기",
    "Read the article and its versions": "기사와 이전 판 읽기",
    "Back to the articles": "기사 목록으로",
    "Open the original": "원문 열기",
    "Open the original at the quote": "원문에서 인용 부분 열기",
    "Show the whole text": "전문 보기",
    "Shown are characters {first} to {last} of {all}.": (
        "전체 {all}자 가운데 {first}~{last}번째 글자를 표시합니다."
    ),
    "The same report is in {articles}: {publishers}.": (
        "같은 보도가 {articles}에도 있습니다: {publishers}."
    ),
    "The article has changed since this answer was given: the quote does not stand in it any "
    "more.": ("답변 이후 기사가 바뀌어 이 인용문이 더 이상 들어 있지 않습니다."),
    "This is version {number}, as it was before. Answers quote the newest version alone.": (
        "이전의 제{number}판입니다. 답변은 최신 판만 인용합니다."
    ),
    "the archive does not hold this version any more": "아카이브에 이 판이 더 이상 없습니다",
    "Version {number}": "제{number}판",
    "Read version {number}": "제{number}판 읽기",
    "Read version {number}, which holds it": "인용문이 있는 제{number}판 읽기",
    "Read the newest version": "최신 판 읽기",
    "stored on {day}": "{day} 저장",
    "shown here": "지금 표시 중",
    "What changed": "바뀐 내용",
    "Added": "추가됨",
    "Removed": "삭제됨",
    # The articles
    "Search": "검색",
    "Search the articles": "기사 검색",
    "Words of an article": "기사에 나오는 말",
    "e.g. 2023-09": "예: 2023-09",
    "Choose an article to read it here.": "기사를 고르면 여기에서 읽을 수 있습니다.",
    "Over time": "시기별",
    "{articles} found": "{articles} 찾음",
    "{articles} without a date": "날짜 없는 {articles}",
    "The newest {shown} of {articles}": "{articles} 가운데 최신 {shown}건",
    "Show {count} more": "{count}건 더 보기",
    "No article holds these words; these come near in meaning.": (
        "이 말이 들어 있는 기사는 없습니다. 뜻이 가까운 기사입니다."
    ),
    "Carried by {articles}: {publishers}": "{articles}에 실림: {publishers}",
    # Adding and removing articles
    "Add articles": "기사 추가",
    "Files to add": "추가할 파일",
    "Adding files": "파일 추가 중",
    "Drop files here, at most {most} MB at once: {endings}.": (
        "파일을 여기에 놓으세요. 한 번에 최대 {most}MB: {endings}."
    ),
    "Your own archive is empty. The first article you add begins it in {folder}, and takes the "
    "place of the bundled articles, which cannot be changed.": (
        "아직 아카이브가 비어 있습니다. 첫 기사를 추가하면 {folder}에 아카이브가 만들어지고, "
        "바꿀 수 없는 예시 기사를 대신합니다."
    ),
    "{done} of {files} read": "{files} 중 {done}개 읽음",
    "waiting": "대기 중",
    "reading…": "읽는 중…",
    "added": "추가됨",
    "updated: this is its new version": "갱신됨: 새 판입니다",
    "unchanged: it was here already": "변경 없음: 이미 있는 기사입니다",
    "not added": "추가하지 않음",
    "{number} added": "{number}건 추가",
    "{number} updated": "{number}건 갱신",
    "{number} unchanged": "{number}건 변경 없음",
    "{number} not added": "{number}건 추가하지 않음",
    "at most {most} files are read at once; add it again": (
        "한 번에 최대 {most}개의 파일만 읽습니다. 다시 추가해 주세요"
    ),
    "the ending {ending} is none of {endings}": (
        "확장자 {ending}은(는) 읽을 수 없습니다. 가능한 확장자: {endings}"
    ),
    "it has {size} MB, at most {most} MB are read: split it": (
        "{size}MB입니다. 최대 {most}MB까지 읽으니 나누어 주세요"
    ),
    "another file of this name came with it; rename it and add it again": (
        "같은 이름의 파일이 함께 왔습니다. 이름을 바꿔 다시 추가해 주세요"
    ),
    "it did not arrive whole; add it again": "온전히 전송되지 않았습니다. 다시 추가해 주세요",
    "copies of a report that is here already: {articles}": "이미 있는 보도의 사본: {articles}",
    "with sentences that read like instructions to software, which are shown as text and "
    "followed by nothing: {articles}": (
        "소프트웨어에 내리는 지시처럼 읽히는 문장이 있음(글로만 표시하고 따르지 않음): {articles}"
    ),
    "it holds no article": "기사가 들어 있지 않습니다",
    "something went wrong; the server's log says what": (
        "문제가 생겼습니다. 자세한 내용은 서버 로그에 있습니다"
    ),
    "Remove this article…": "이 기사 삭제…",
    "Remove “{title}”?": "“{title}” 기사를 삭제할까요?",
    "Remove it": "삭제",
    "The article is no longer searched, quoted or listed; answers given before stay.": (
        "이 기사는 더 이상 검색, 인용, 목록에 나오지 않습니다. 이전 답변은 그대로 남습니다."
    ),
    "Its versions stay in the history of the archive. `rag articles remove --forget` deletes "
    "those too.": (
        "이전 판은 아카이브의 기록에 남습니다. `rag articles remove --forget`으로 "
        "그것까지 지울 수 있습니다."
    ),
    "Removed “{title}”.": "“{title}” 기사를 삭제했습니다.",
    # What Gradio's own parts are called aloud
    "Copy message": "메시지 복사",
    "Copied message": "메시지를 복사했습니다",
    "Loading response": "답변을 불러오는 중",
    "Scroll down": "아래로 이동",
    "More tabs": "다른 탭",
    "chatbot conversation": "대화 내용",
    "Click to upload or drop files": "누르거나 파일을 놓아 추가",
    "File upload": "파일 추가",
    "Remove this file": "이 파일 빼기",
    # Conversations
    "Conversations": "대화 목록",
    "Search the conversations": "대화 검색",
    "No conversation holds these words.": "이 말이 들어 있는 대화가 없습니다.",
    "No conversations yet.": "아직 대화가 없습니다.",
    "Rename": "이름 바꾸기",
    "Delete": "삭제",
    "Save": "저장",
    "Save as": "다음 형식으로 저장:",
    "Save “{title}” as {form}": "“{title}” 대화를 {form} 형식으로 저장",
    "New name": "새 이름",
    "Cancel": "취소",
    "Delete “{title}”? It cannot be brought back.": (
        "“{title}” 대화를 삭제할까요? 되돌릴 수 없습니다."
    ),
    "Delete it": "삭제",
    "Keep it": "그대로 두기",
    "Renamed.": "이름을 바꿨습니다.",
    "Not renamed: give it a name.": "이름을 바꾸지 못했습니다. 이름을 입력하세요.",
    "Deleted.": "삭제했습니다.",
    "This conversation is not there any more.": "이 대화는 더 이상 없습니다.",
    "An answer is under way: wait for it, or stop it first.": (
        "답변이 진행 중입니다. 기다리거나 먼저 중지하세요."
    ),
    "This conversation is not kept, because the browser takes no cookies.": (
        "브라우저가 쿠키를 받지 않아 이 대화는 저장되지 않습니다."
    ),
    "This conversation is not kept, because the archive's folder cannot be written now.": (
        "지금은 아카이브 폴더에 쓸 수 없어 이 대화는 저장되지 않습니다."
    ),
    "The connection to the server was lost. Trying to reach it again…": (
        "서버와 연결이 끊겼습니다. 다시 연결하는 중…"
    ),
    "The server is back. The page is opened anew…": (
        "서버에 다시 연결되었습니다. 페이지를 새로 엽니다…"
    ),
    # Feedback
    "Give feedback": "의견 보내기",
    "What do you think of this answer?": "이 답변을 어떻게 생각하세요?",
    "Choose one": "하나를 고르세요",
    "Helpful": "도움이 됨",
    "The quote does not support this": "인용문이 근거가 되지 않음",
    "An article is missing": "빠진 기사가 있음",
    "Out of date": "지난 내용임",
    "Wrong": "틀림",
    "What you mean": "의견의 대상",
    "The whole answer": "답변 전체",
    "Remark (may be left empty)": "덧붙일 말(비워 두어도 됩니다)",
    "Send": "보내기",
    "Thank you. Your word is kept with the answer and what it was made from.": (
        "고맙습니다. 의견을 답변, 그 근거와 함께 저장했습니다."
    ),
    "It could not be kept. Please try again later.": (
        "저장하지 못했습니다. 나중에 다시 시도해 주세요."
    ),
    # Review of drafts
    "{drafts} to review": "검토할 {drafts}",
    "{drafts} put off for later.": "{drafts}를 나중으로 미뤘습니다.",
    "No drafts to review. `rag eval generate ARTICLES` makes some, and `rag eval drafts` those "
    "of readers' feedback.": (
        "검토할 초안이 없습니다. `rag eval generate ARTICLES`로 만들거나, "
        "`rag eval drafts`로 독자의 의견에서 만드세요."
    ),
    "Question to keep": "저장할 질문",
    "Keep": "저장",
    "Drop": "버리기",
    "Later": "나중에",
    "Right: {answers}": "정답: {answers}",
    "the articles do not say": "기사에 답이 없음",
    "What is right is not known yet.": "정답은 아직 알 수 없습니다.",
    "Must not be said: {sentence}": "하면 안 되는 말: {sentence}",
    "A reader says: {remark}": "독자의 의견: {remark}",
    # Said below the page
    "quoted word for word": "원문 그대로 인용",
    "it states nothing to check": "확인할 내용이 없음",
    "it cites no passage": "인용한 단락이 없음",
    "Articles are being added: this answer is from the archive as it was before.": (
        "기사를 추가하는 중입니다. 이 답변은 추가하기 전의 아카이브에서 나왔습니다."
    ),
    "Read “{typed}” as “{meant}”.": "“{typed}”을(를) “{meant}”(으)로 읽었습니다.",
    "Only articles published since {day}, as the question says.": (
        "질문에 따라 {day}부터 나온 기사만 검색했습니다."
    ),
    "Only articles published until {day}, as the question says.": (
        "질문에 따라 {day}까지 나온 기사만 검색했습니다."
    ),
    "Only articles as known on {day}, as the question says.": (
        "질문에 따라 {day} 당시까지의 기사만 검색했습니다."
    ),
    "The article corrects itself: {new} stands, not {old}.": (
        "기사가 스스로 정정했습니다. {old}이(가) 아니라 {new}입니다."
    ),
    "the question is empty: ask something": "질문이 비어 있습니다. 내용을 입력하세요",
    "the question has {number} characters, at most {most} are read: ask in a sentence or two": (
        "질문이 {number}자입니다. 최대 {most}자까지 읽으니 한두 문장으로 질문하세요"
    ),
    "the question holds no words: {typed}": "질문에 낱말이 없습니다: {typed}",
}
